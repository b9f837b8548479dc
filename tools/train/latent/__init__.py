"""Trains a tiny latent diffusion model of stock parts: autoencoder, U-Net, two ControlNets, text encoder."""
