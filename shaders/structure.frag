#version 330 core
// Draws the structured bank: 16 bytes a pixel packed into one RGBA32UI texel, channel 0 in the lowest byte.
//   0 brick   1 planks   2 tiles   3 weave   4 stripes   5 blotches   6 veins   7 leaves   8 grain
//   9 windows   10 strokes   11 occlusion   12 edge   13 14 15 place in the object's own box: x, y, z
// Sky: 5 = clouds, 8 = stars, the rest 0.
// ONLY_SKY or ONLY_SURFACES: of the pixels it is known that they are so.
#include "view.glsl"
#include "structure.glsl"

uniform sampler2D depth_map;
uniform usampler2D object_map;
uniform sampler2D normal_map;
uniform sampler2D anchor_map;
uniform sampler2D object_table;  // 256 objects a row, four texels each: size and the id that it is hashed as
                                 // (0: its own), then the columns of world_from_object
const int MOST_SEEDS = 4;
uniform int seed_count;
uniform uint seeds[MOST_SEEDS];     // the newest first; on the way to it, those that are left
uniform float arrived[MOST_SEEDS];  // which share of the objects has gone over to each

out uvec4 packed_bank;

ivec2 limit;

float depth_at(ivec2 texel) {
    return min(texelFetch(depth_map, clamp(texel, ivec2(0), limit), 0).r, 1e6);
}

// What everything of an object is hashed from. Each goes over to a new seed at a moment of its own.
uint seeded(uint object) {
    float chance = mixed(object * 0x9e3779b1u + 1u).x;
    int k = 0;
    while (k < seed_count - 1 && chance >= arrived[k]) ++k;
    return seeds[k] * 2654435761u + object * 97u;
}

vec3 from_camera(ivec2 texel) {
    texel = clamp(texel, ivec2(0), limit);
    return view_ray((vec2(texel) + 0.5) * picture.zw) * depth_at(texel);
}

// Obscurance from the depth buffer at three reaches: the contact of things, and the corners of rooms.
// The rule is Alchemy's (McGuire et al., HPG 2011): weighted by the cosine, with a soft reach.
float occlusion(ivec2 texel, vec3 position, float depth, vec3 normal) {
    float per_metre = 1.0 / (ray_per_u.w * depth);
    float sum = 0.0;
    const float reaches[3] = float[3](0.25, 0.7, 1.8);
    for (int ring = 0; ring < 3; ++ring) {
        float reach = reaches[ring];
        float radius = clamp(0.55 * reach * per_metre, 1.5, 0.16 * picture.y);
        for (int k = 0; k < 5; ++k) {
            float angle = 1.25664 * float(k) + 0.84 * float(ring) + 0.3;
            vec2 offset = radius * vec2(cos(angle), sin(angle));
            vec3 to = from_camera(texel + ivec2(round(offset))) - position;
            float distance_squared = dot(to, to) + 1e-4;
            float cosine = max(dot(to, normal) * inversesqrt(distance_squared) - 0.06, 0.0);
            float kept = clamp(1.25 - sqrt(distance_squared) / (1.5 * reach), 0.0, 1.0);
            sum += cosine * kept * kept;
        }
    }
    return clamp(1.0 - sum / 7.0, 0.0, 1.0);
}

// Where a draughtsman would put a line: another object, a step in depth, a fold of the surface.
float edge(ivec2 texel, uint object, float depth, vec3 normal) {
    float strongest = 0.0;
    ivec2 steps[2] = ivec2[2](ivec2(1, 0), ivec2(0, 1));
    for (int k = 0; k < 2; ++k) {
        ivec2 a = clamp(texel + steps[k], ivec2(0), limit);
        ivec2 b = clamp(texel - steps[k], ivec2(0), limit);
        bool other = texelFetch(object_map, a, 0).r != object || texelFetch(object_map, b, 0).r != object;
        float da = depth_at(a);
        float db = depth_at(b);
        float bend = abs(1.0 / da + 1.0 / db - 2.0 / depth) * depth;  // 1/depth is linear on a plane
        float fold = 1.0 - min(dot(texelFetch(normal_map, a, 0).xyz, normal), dot(texelFetch(normal_map, b, 0).xyz, normal));
        float own = other ? 1.0 : object == 0u ? 0.0 : max(smoothstep(0.04, 0.12, bend), 0.8 * smoothstep(0.25, 0.6, fold));
        strongest = max(strongest, own);
    }
    return strongest;
}

void main() {
    ivec2 texel = ivec2(gl_FragCoord.xy);
    limit = ivec2(picture.xy) - 1;
    uint object = texelFetch(object_map, texel, 0).r;
    vec3 anchor = texelFetch(anchor_map, texel, 0).xyz;
    uint hash_seed = seeded(object);
    vec3 normal = texelFetch(normal_map, texel, 0).xyz;
    float depth = texelFetch(depth_map, texel, 0).r;
#ifndef ONLY_SURFACES
    if (object == 0u) {
        // Clouds on a flat sheet high above, so that they crowd towards the horizon.
        vec3 toward = normalize(anchor);
        vec3 sheet = vec3(toward.xz / (max(toward.y, 0.0) + 0.12), 0.0);
        float cloud = 0.0;
        float weight = 0.5;
        for (int k = 0; k < 5; ++k) {
            vec3 n = value_noise(sheet * exp2(float(k)) * 0.9 + 31.7 * float(k), hash_seed + uint(k));
            cloud += weight * n.x;
            weight *= 0.52;
        }
        vec3 grid = toward * 90.0;
        vec3 chance = hash_cell(ivec3(floor(grid)), hash_seed + 9u);
        float star = chance.x > 0.985 ? (1.0 - smoothstep(0.1, 0.45, length(fract(grid) - 0.5))) * (0.3 + 0.7 * chance.y) : 0.0;
        float line = edge(texel, object, 1e6, normal);
        packed_bank = uvec4(0u, pack_bytes(0.0, clamp((cloud - 0.5) * 1.7 + 0.5, 0.0, 1.0), 0.0, 0.0),
                            pack_bytes(star, 0.0, strokes(sheet.xy * 2.0, 0.011, hash_seed), 1.0),
                            pack_bytes(line, 0.0, 0.0, 0.0));
        return;
    }
#endif
#ifndef ONLY_SKY
    ivec2 at = ivec2(4 * ((int(object) - 1) & 255), (int(object) - 1) >> 8);
    vec4 sized = texelFetch(object_table, at, 0);
    vec3 size = sized.xyz;
    if (sized.w > 0.5) hash_seed = seeded(uint(sized.w));
    mat3 object_from_world = transpose(mat3(texelFetch(object_table, at + ivec2(1, 0), 0).xyz,
                                            texelFetch(object_table, at + ivec2(2, 0), 0).xyz,
                                            texelFetch(object_table, at + ivec2(3, 0), 0).xyz));
    // What the pixel covers: the rays of its right and lower neighbours, met with the surface's plane.
    vec3 ray = view_ray(gl_FragCoord.xy * picture.zw);
    float facing = min(dot(normal, ray), -0.04 * length(ray));
    vec3 right = ray_per_u.xyz * picture.z;
    vec3 down = ray_per_v.xyz * picture.w;
    vec3 dx = depth * (right - ray * dot(normal, right) / facing);
    vec3 dy = depth * (down - ray * dot(normal, down) / facing);
    vec3 footprint = abs(object_from_world * dx) + abs(object_from_world * dy);

    float bank[11];
    structure_patterns(anchor, object_from_world * normal, footprint, size, hash_seed, bank);
    float open_share = occlusion(texel, ray * depth, depth, normal);
    float line = edge(texel, object, depth, normal);
    vec3 place = vec3(anchor.x / max(size.x, 1e-3) + 0.5, anchor.y / max(size.y, 1e-3), anchor.z / max(size.z, 1e-3) + 0.5);
    packed_bank = uvec4(pack_bytes(bank[0], bank[1], bank[2], bank[3]),
                        pack_bytes(bank[4], bank[5], bank[6], bank[7]),
                        pack_bytes(bank[8], bank[9], bank[10], open_share),
                        pack_bytes(line, place.x, place.y, place.z));
#endif
}
