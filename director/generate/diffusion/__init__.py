"""Any diffusion model of diffusers as a stream of pictures under exact control.

diffusers has models and schedulers, and pipelines that make one picture after another from nothing. What is
ours is between them: controls from passes, noise and history that stick to surfaces, words off the hot path.
"""
