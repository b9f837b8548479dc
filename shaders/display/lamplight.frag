// What the lamps give, as film would take it: a shoulder instead of a clipped white, then sRGB. The brightest
// colour of a lamp pales as a filament does.

uniform sampler2D map;

in vec2 uv;
out vec4 colour;

const float EXPOSURE = 1.6;

void main() {
    vec3 light = texture(map, uv).rgb * EXPOSURE;
    // Extended Reinhard on each channel (E. Reinhard et al., SIGGRAPH 2002), white at eight times grey's one.
    vec3 toned = light * (1.0 + light / 64.0) / (1.0 + light);
    vec3 low = toned * 12.92, high = 1.055 * pow(max(toned, 0.0031308), vec3(1.0 / 2.4)) - 0.055;
    colour = vec4(clamp(mix(low, high, step(0.0031308, toned)), 0.0, 1.0), 1.0);
}
