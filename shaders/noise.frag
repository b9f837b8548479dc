// Unit Gaussian noise that sticks to surfaces: hashed from the cell of object space that a pixel falls in,
// cells being about as large as a pixel there. Two octaves are blended by the pixel's size, so that nothing
// jumps as the camera nears; their weights are normalised by variance, so that the noise stays unit.
#include "view.glsl"
#include "hash.glsl"

uniform sampler2D depth_map;
uniform sampler2D anchor_map;
uniform usampler2D object_map;
const int MOST_SEEDS = 4;
uniform int seed_count;
uniform uint seeds[MOST_SEEDS];
uniform float weights[MOST_SEEDS];  // their squares add up to 1, so that a sum of noises stays unit

out vec4 noise;

// Turned, so that walls and floors along the axes cut the cells askew: a face that ran along the cells' own
// faces would flicker between two of them by rounding alone. Yaw 0.7, pitch 0.5, roll 1.1 radians.
const mat3 ASKEW = mat3(0.62218277, 0.78210804, 0.03457762,
                        -0.54153782, 0.39806805, 0.74045838,
                        0.56535421, -0.47942554, 0.67121217);
const float FINENESS = 0.8;
const vec3 OFFSET = vec3(0.1734, 0.6180, 0.4142);

vec4 octave(vec3 at, int level, uint key) {
    ivec3 cell = ivec3(floor(at * exp2(float(-level)) + OFFSET));
    return gaussian(pcg4d(uvec4(uvec3(cell), key + uint(level + 64) * 0x85ebca6bu)));
}

void main() {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    float depth = texelFetch(depth_map, pixel, 0).r;
    vec3 anchor = ASKEW * texelFetch(anchor_map, pixel, 0).xyz;
    uint object_key = texelFetch(object_map, pixel, 0).r * 0x9e3779b9u;
    vec3 ray = view_ray(gl_FragCoord.xy * picture.zw);
    // Metres (radians in the sky) from one pixel to the next along what a surface shows unshortened; seen
    // askew, the other way is longer. Cells are somewhat smaller, so that neighbours seldom share one: larger
    // ones would stick better between whole pixels, and be less white.
    float size = FINENESS * ray_per_u.w * (depth < SKY_DEPTH_LIMIT ? depth : 1.0 / length(ray));
    float level = log2(size);
    int fine = int(floor(level));
    float share = level - float(fine);
    vec4 blended = vec4(0.0);
    for (int k = 0; k < seed_count; ++k) {
        uint key = seeds[k] + object_key;
        blended += weights[k] * ((1.0 - share) * octave(anchor, fine, key) + share * octave(anchor, fine + 1, key));
    }
    noise = blended * inversesqrt((1.0 - share) * (1.0 - share) + share * share);
}
