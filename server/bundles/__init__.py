"""Bundles: everything that one kind of PC needs to become an agent, in one file or folder.

Built on the collector's machine from what is at hand; nothing is fetched. The same input gives the
same bytes, so that two people can build one and compare.
"""
