// Unit Gaussian noise that sticks to surfaces: hashed from the cells of object space that a pixel covers, cells
// being about as large as a pixel is wide there. A surface seen askew has many of them in a pixel: their
// weighted sum, brought back to unit variance, goes on from tick to tick as the pixel slides over them, where
// one sample of them would jump. Two octaves are blended by the pixel's size, so that nothing jumps as the
// camera nears; their weights are normalised by variance, so that the noise stays unit.
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
uniform float fineness;  // of the cells, in pixels
const vec3 OFFSET = vec3(0.1734, 0.6180, 0.4142);

const int MOST_SAMPLES = 16;

// How far the anchor goes on along a line of the picture to the neighbour that is farther from an edge; nothing
// where both neighbours are of other objects.
vec3 stride(ivec2 pixel, ivec2 along, uint object, vec3 here) {
    ivec2 limit = ivec2(picture.xy) - 1;
    ivec2 on = clamp(pixel + along, ivec2(0), limit);
    ivec2 back = clamp(pixel - along, ivec2(0), limit);
    bool has_on = on != pixel && texelFetch(object_map, on, 0).r == object;
    bool has_back = back != pixel && texelFetch(object_map, back, 0).r == object;
    vec3 forward = has_on ? texelFetch(anchor_map, on, 0).xyz - here : vec3(0.0);
    vec3 backward = has_back ? here - texelFetch(anchor_map, back, 0).xyz : vec3(0.0);
    if (has_on && has_back) {
        // A fold lies between them, or another part of the object: the nearer of the two is of this surface.
        return dot(forward, forward) < dot(backward, backward) ? forward : backward;
    }
    return has_on ? forward : backward;
}

// The cells of one octave along a line, each weighted by how much of the line it holds.
vec4 octave(vec3 from, vec3 step_on, int count, int level, uint key) {
    float scale = exp2(float(-level));
    vec4 sum = vec4(0.0);
    float squares = 0.0;
    float held = 0.0;
    ivec3 last = ivec3(0);
    for (int i = 0; i <= count; ++i) {
        ivec3 cell = ivec3(floor((from + float(i) * step_on) * scale + OFFSET));
        if (i == count || (i > 0 && cell != last)) {
            sum += held * gaussian(pcg4d(uvec4(uvec3(last), key + uint(level + 64) * 0x85ebca6bu)));
            squares += held * held;
            held = 0.0;
        }
        last = cell;
        held += 1.0;
    }
    return sum * inversesqrt(squares);
}

void main() {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    float depth = texelFetch(depth_map, pixel, 0).r;
    uint object = texelFetch(object_map, pixel, 0).r;
    vec3 here = texelFetch(anchor_map, pixel, 0).xyz;
    uint object_key = object * 0x9e3779b9u;
    vec3 ray = view_ray(gl_FragCoord.xy * picture.zw);
    // Metres (radians in the sky) from one pixel to the next along what a surface shows unshortened. Cells are
    // somewhat smaller, so that neighbours seldom share one: larger ones would stick better between whole
    // pixels, and be less white.
    float size = fineness * ray_per_u.w * (depth < SKY_DEPTH_LIMIT ? depth : 1.0 / length(ray));
    float level = log2(size);
    int fine = int(floor(level));
    float share = level - float(fine);
    // The longer side of what the pixel covers, sampled twice a cell; less a cell and a half, which the pixels
    // beside it would share.
    vec3 across = stride(pixel, ivec2(1, 0), object, here);
    vec3 down = stride(pixel, ivec2(0, 1), object, here);
    vec3 longer = ASKEW * (dot(across, across) > dot(down, down) ? across : down);
    float span = length(longer);
    float inner = max(span - 2.0 * size, 0.0);
    int count = object == 0u ? 1 : int(clamp(1.0 + ceil(2.0 * inner / size), 1.0, float(MOST_SAMPLES)));
    vec3 step_on = count > 1 ? longer * (inner / (span * float(count - 1))) : vec3(0.0);
    vec3 from = ASKEW * here - 0.5 * float(count - 1) * step_on;
    vec4 blended = vec4(0.0);
    for (int k = 0; k < seed_count; ++k) {
        uint key = seeds[k] + object_key;
        blended += weights[k] * ((1.0 - share) * octave(from, step_on, count, fine, key) + share * octave(from, step_on, count, fine + 1, key));
    }
    noise = blended * inversesqrt((1.0 - share) * (1.0 - share) + share * share);
}
