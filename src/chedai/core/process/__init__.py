"""The business process table 业务流程表 as values: definitions, moves, working time, history."""
