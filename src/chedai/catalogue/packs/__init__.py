"""The exchange format: packs of lenders, products and vehicles as YAML; no database here."""
