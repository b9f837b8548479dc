// The control depth as generators read it: inverse depth within near and far, near = white, sky = black.

uniform sampler2D map;
uniform float near_m;
uniform float far_m;

in vec2 uv;
out vec4 colour;

void main() {
    float depth = texture(map, uv).r;
    float inverse = isinf(depth) ? 0.0 : 1.0 / max(depth, near_m);
    float control = (inverse - 1.0 / far_m) / (1.0 / near_m - 1.0 / far_m);
    colour = vec4(vec3(clamp(control, 0.0, 1.0)), 1.0);
}
