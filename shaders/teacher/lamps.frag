#version 330 core
// What the scene's lamps give every pixel, the strongest with shadows.
#include "view.glsl"

const int MOST = 32;

layout(std140) uniform Lamps {
    vec4 lamp_position[MOST];  // world, metres; w: the object that carries it, from 1
    vec4 lamp_light[MOST];     // illuminance one metre away; w: 1 + its maps' place, 0 = it has none
    vec4 lamp_count;
};

uniform sampler2D depth_map;
uniform sampler2D normal_map;
uniform usampler2D object_map;
uniform sampler2D owner_table;  // per row: the object it belongs to, from 1

layout(location = 0) out vec4 light;   // linear RGB; 1 = full sun
layout(location = 1) out vec4 toward;  // mean direction to the light there, not unit: shorter where it comes from all over

uniform sampler2DShadow lamp_map;             // six maps a lamp, side by side; a lamp a row
uniform mat4 lamp_from_offset[6 * SHADOWED];  // from the offset from the lamp, world axes

const float SOFT_M = 0.25;
const float LAMP_TEXELS = 256.0;

// The share of a lamp's light that reaches a place, from the six maps about the lamp.
float unhidden(int shadowed, vec3 from_lamp, vec3 normal) {
    vec3 size = abs(from_lamp);
    float largest = max(size.x, max(size.y, size.z));
    int axis = largest == size.x ? 0 : largest == size.y ? 1 : 2;
    int face = 2 * axis + (from_lamp[axis] < 0.0 ? 1 : 0);
    float texel_m = 2.0 * largest / LAMP_TEXELS;
    vec3 lifted = from_lamp + normal * (0.012 + 1.6 * texel_m);
    mat4 map = lamp_from_offset[6 * shadowed + face];
    vec2 tile = vec2(float(face), float(shadowed));
    float lit = 0.0;
    for (int k = 0; k < 4; ++k) {
        vec2 turn = vec2(0.38, 0.92) * (k < 2 ? 1.0 : -1.0);
        if (k % 2 == 1) turn = vec2(-turn.y, turn.x);
        vec4 clip = map * vec4(lifted, 1.0);
        vec3 at = clip.xyz / clip.w * 0.5 + 0.5;
        at.xy = clamp(at.xy + turn * 1.6 / LAMP_TEXELS, 1.0 / LAMP_TEXELS, 1.0 - 1.0 / LAMP_TEXELS);
        lit += texture(lamp_map, vec3((tile + at.xy) / vec2(6.0, float(SHADOWED)), at.z));
    }
    return 0.25 * lit;
}

void main() {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    float depth = texelFetch(depth_map, pixel, 0).r;
    light = vec4(0.0);
    toward = vec4(0.0);
    if (depth > SKY_DEPTH_LIMIT) return;
    vec3 normal = normalize(texelFetch(normal_map, pixel, 0).xyz);
    int row = int(texelFetch(object_map, pixel, 0).r) - 1;
    float owner = texelFetch(owner_table, ivec2(row & 1023, row >> 10), 0).r;
    vec3 world = camera_position.xyz + view_ray(gl_FragCoord.xy * picture.zw) * depth;
    vec3 sum = vec3(0.0);
    vec3 mean = vec3(0.0);
    int count = int(lamp_count.x);
    for (int i = 0; i < count; ++i) {
        vec3 to_lamp = lamp_position[i].xyz - world;
        float squared = dot(to_lamp, to_lamp);
        float cosine = dot(normal, to_lamp) * inversesqrt(max(squared, 1.0e-8));
        bool own = owner == lamp_position[i].w;
        cosine = own ? abs(cosine) : max(cosine, 0.0);
        vec3 given = lamp_light[i].rgb * (cosine * (1.0 + SOFT_M * SOFT_M) / (squared + SOFT_M * SOFT_M));
        float strength = max(given.r, max(given.g, given.b));
        if (strength < 0.002) continue;
        int shadowed = int(lamp_light[i].w) - 1;
        // What glows is seen to glow; its own light would burn its colour out.
        if (own) given *= 0.25;
        else if (shadowed >= 0 && strength > 0.004 && squared < 380.0) given *= unhidden(shadowed, -to_lamp, normal);
        sum += given;
        mean += normalize(to_lamp) * max(given.r, max(given.g, given.b));
    }
    light = vec4(min(sum, vec3(60.0)), 1.0);
    toward = vec4(mean / max(max(sum.r, max(sum.g, sum.b)), 1e-4), 1.0);
}
