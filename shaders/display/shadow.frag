// The share of the sun that reaches a surface.

uniform sampler2D map;

in vec2 uv;
out vec4 colour;

void main() {
    colour = vec4(vec3(texture(map, uv).r), 1.0);
}
