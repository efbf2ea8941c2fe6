"""What every engine below the inventory must do, said without a word of SQL.

The store's interface is: `Store.create`, `open`, `write` (one durable transaction), `close`, and
the functions of `inventory/` that take a store. A second engine is one more entry in
`conftest.ENGINES`; tests/house/test_contract.py keeps these tests free of SQL and of SQLite.
"""
