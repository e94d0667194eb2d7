"""The models: embeddings, the verifier, and where their weights come from."""
