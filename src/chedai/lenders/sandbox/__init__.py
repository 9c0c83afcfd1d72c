"""Lenders to rehearse with: a real HTTP server, invented personalities, faults on demand."""
