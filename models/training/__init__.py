"""Makes the verifier's weights again from pair files: read, made harder, trained on, described in a model card."""
