"""From integrated results and clinical data to tables, curves and models."""
