// The structured bank in false colour, a few channels of its sixteen: blotches turn the hue from slate to sand,
// bricks are its lightness, window panes shine blue, surfaces darken where they are shut in, and the
// draughtsman's lines are inked over it all. In the sky, clouds and stars.

uniform usampler2D map;

in vec2 uv;
out vec4 colour;

const int BRICK = 0, BLOTCHES = 5, GRAIN = 8, WINDOWS = 9, OPEN = 11, EDGE = 12;

const vec3 SLATE = vec3(0.33, 0.47, 0.62), SAND = vec3(0.95, 0.74, 0.47), PANE = vec3(0.55, 0.92, 1.0);
const vec3 NIGHT = vec3(0.10, 0.13, 0.20), INK = vec3(0.04, 0.04, 0.06);

uvec4 bank;

float channel(int index) {
    return float((bank[index >> 2] >> uint(8 * (index & 3))) & 255u) / 255.0;
}

void main() {
    ivec2 size = textureSize(map, 0);
    bank = texelFetch(map, min(ivec2(uv * vec2(size)), size - 1), 0);
    vec3 hue = mix(SLATE, SAND, smoothstep(0.3, 0.7, channel(BLOTCHES)));
    vec3 seen = hue * (0.35 + 0.75 * channel(BRICK));
    seen = mix(seen, PANE, 0.7 * channel(WINDOWS)) * mix(0.25, 1.0, channel(OPEN));
    // The sky: no pattern of its first four, and no place in an object.
    if ((bank.x | bank.w >> 8) == 0u) {
        seen = NIGHT + 0.30 * channel(BLOTCHES) + channel(GRAIN);
    }
    colour = vec4(mix(seen, INK, 0.85 * channel(EDGE)), 1.0);
}
