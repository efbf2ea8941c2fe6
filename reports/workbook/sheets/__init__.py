"""The sheets of the workbook, each as data: a table is what it says."""
