// Three channels of the anchored noise, ±3 standard deviations shown as 0..1.

uniform sampler2D map;

in vec2 uv;
out vec4 colour;

void main() {
    colour = vec4(texture(map, uv).rgb / 6.0 + 0.5, 1.0);
}
