#version 330 core
// What the scene's lamps give every pixel, with the shadows that the picture itself can tell of.
#include "view.glsl"
#include "structure.glsl"

const int MOST = 32;

layout(std140) uniform Lamps {
    vec4 lamp_position[MOST];  // world, metres; w: the object that carries it, from 1
    vec4 lamp_light[MOST];     // illuminance one metre away; w: 1 = look for its shadows
    vec4 lamp_count;
};

uniform sampler2D depth_map;
uniform sampler2D normal_map;
uniform usampler2D object_map;
uniform sampler2D owner_table;  // per row: the object it belongs to, from 1

layout(location = 0) out vec4 light;   // linear RGB; 1 = full sun
layout(location = 1) out vec4 toward;  // mean direction to the light there, not unit: shorter where it comes from all over

const float SOFT_M = 0.25;

float depth_there(vec3 from_camera, out float ahead) {
    vec4 clip = clip_from_world * vec4(camera_position.xyz + from_camera, 1.0);
    ahead = clip.w;
    vec2 uv = 0.5 + 0.5 * clip.xy / max(clip.w, 1e-3);
    if (clip.w < 0.05 || any(lessThan(uv, vec2(0.0))) || any(greaterThan(uv, vec2(1.0)))) return 1e9;
    return texelFetch(depth_map, ivec2(uv * picture.xy), 0).r;
}

// Steps from the surface towards the lamp: something the camera sees stands between them or not.
float unhidden(vec3 position, vec3 normal, vec3 to_lamp, float chance) {
    float lit = 1.0;
    vec3 start = position + normal * 0.015;
    for (int k = 0; k < 10; ++k) {
        float along = (float(k) + chance) / 10.0;
        along *= along;
        float reach = min(length(to_lamp), 5.0) / length(to_lamp) * 0.92;
        vec3 p = start + to_lamp * along * reach;
        float ahead;
        float there = depth_there(p, ahead);
        float behind = ahead - there;
        if (behind > 0.02 + 0.004 * ahead && behind < 0.45) return 0.0;
    }
    return lit;
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
    vec3 from_camera = view_ray(gl_FragCoord.xy * picture.zw) * depth;
    vec3 world = camera_position.xyz + from_camera;
    float chance = hash_cell(ivec3(pixel, 11), 3u).x;
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
        if (!own && lamp_light[i].w > 0.5 && strength > 0.01) given *= unhidden(from_camera, normal, to_lamp, chance);
        sum += given;
        mean += normalize(to_lamp) * max(given.r, max(given.g, given.b));
    }
    light = vec4(min(sum, vec3(60.0)), 1.0);
    toward = vec4(mean / max(max(sum.r, max(sum.g, sum.b)), 1e-4), 1.0);
}
