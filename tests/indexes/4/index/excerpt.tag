Signature: 5f2b8c1e-excerpt-index
This folder is an index made by excerpt. It can be removed and built again from its sources.
