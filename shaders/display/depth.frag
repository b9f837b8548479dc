// The control depth that generators read (inverse depth within near and far, near = white, sky = black),
// its square root: as it is, all that lies beyond a few metres would look black to the eye.

uniform sampler2D map;
uniform float near_m;
uniform float far_m;

in vec2 uv;
out vec4 colour;

void main() {
    float depth = texture(map, uv).r;
    float inverse = isinf(depth) ? 0.0 : 1.0 / max(depth, near_m);
    float control = (inverse - 1.0 / far_m) / (1.0 / near_m - 1.0 / far_m);
    colour = vec4(vec3(sqrt(clamp(control, 0.0, 1.0))), 1.0);
}
