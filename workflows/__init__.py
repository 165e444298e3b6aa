"""The commands, the report, the bundled example and the Nextflow pipeline."""
