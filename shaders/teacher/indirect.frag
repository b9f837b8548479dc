#version 330 core
// What other surfaces send: one bounce gathered from the picture, reflections marched through the depth
// buffer (the sky where the march leaves it), then haze.
#include "teacher/common.glsl"

uniform sampler2D radiance_map;  // with mip levels: rough surfaces read blurred ones
uniform sampler2D mirror_map;
uniform sampler2D shape_map;
uniform sampler2D albedo_map;

out vec4 radiance;

vec2 uv_of(vec3 position) {
    vec4 clip = clip_from_world * vec4(position + camera_position.xyz, 1.0);
    return 0.5 + 0.5 * clip.xy / clip.w;
}

vec3 bounce(ivec2 texel, vec3 position, float depth, vec3 normal) {
    float per_metre = 1.0 / (ray_per_u.w * depth);
    vec3 sum = vec3(0.0);
    for (int ring = 0; ring < 2; ++ring) {
        float reach = ring == 0 ? 0.6 : 2.2;
        float radius = clamp(0.6 * reach * per_metre, 3.0, 0.35 * picture.y);
        float level = clamp(log2(radius) - 1.5, 0.0, 6.0);
        for (int k = 0; k < 6; ++k) {
            float angle = 1.0472 * float(k) + 0.5236 * float(ring);
            ivec2 there = clamped(texel + ivec2(round(radius * vec2(cos(angle), sin(angle)))));
            vec3 to = from_camera(there) - position;
            float distance_squared = dot(to, to) + 1e-4;
            float cosine = max(dot(to, normal) * inversesqrt(distance_squared), 0.0);
            float near = clamp(1.2 - sqrt(distance_squared) / (1.8 * reach), 0.0, 1.0);
            sum += min(textureLod(radiance_map, (vec2(there) + 0.5) * picture.zw, level).rgb, 6.0) * cosine * near;
        }
    }
    return sum / 9.0;
}

vec3 reflected(vec3 position, float depth, vec3 normal, float roughness) {
    vec3 toward = reflect(normalize(position), normal);
    vec3 sky = clear_sky(vec3(toward.x, max(toward.y, 0.0), toward.z));
    sky = mix(mean_sky() * 0.35, sky, smoothstep(-0.25, 0.05, toward.y));
    float stride = 0.04 * depth + 0.02;
    vec3 forward = normalize(cross(ray_per_v.xyz, ray_per_u.xyz));
    forward *= sign(dot(forward, position));
    float along = stride;
    vec3 found = sky;
    for (int k = 0; k < 26; ++k) {
        vec3 p = position + toward * along;
        float ahead = dot(p, forward);
        if (ahead < 0.05) break;
        vec2 uv = uv_of(p);
        if (any(lessThan(uv, vec2(0.0))) || any(greaterThan(uv, vec2(1.0)))) break;
        float behind = ahead - depth_at(ivec2(uv * picture.xy));
        if (behind > 0.0 && behind < 2.5 * stride + 0.15) {
            vec2 inner = min(uv, 1.0 - uv);
            float kept = smoothstep(0.0, 0.06, min(inner.x, inner.y));
            float level = roughness * 5.0;
            found = mix(sky, min(textureLod(radiance_map, uv, level).rgb, 20.0), kept);
            break;
        }
        stride *= 1.13;
        along += stride;
    }
    return mix(found, mix(sky, mean_sky(), 0.5), smoothstep(0.5, 0.9, roughness) * 0.6);
}

void main() {
    ivec2 texel = ivec2(gl_FragCoord.xy);
    vec4 direct = texelFetch(radiance_map, texel, 0);
    vec3 ray = ray_at(texel);
    vec3 toward = normalize(ray);
    uint object = texelFetch(object_map, texel, 0).r;
    vec3 colour = direct.rgb;
    float distance_m;
    float height;
    if (object == 0u) {
        distance_m = 14.0 / (max(toward.y, 0.0) + 0.05);
        height = 0.0;
    } else {
        float depth = texelFetch(depth_map, texel, 0).r;
        vec3 position = ray * depth;
        vec4 shape = texelFetch(shape_map, texel, 0);
        vec4 mirror = texelFetch(mirror_map, texel, 0);
        colour += texelFetch(albedo_map, texel, 0).rgb * bounce(texel, position, depth, shape.xyz);
        float facing = clamp(dot(shape.xyz, -normalize(position)), 0.0, 1.0);
        float strongest = max(mirror.r, max(mirror.g, mirror.b));
        if (strongest > 0.004) {
            float smoothness = 1.0 - mirror.a;
            vec3 grazing = max(vec3(smoothness), mirror.rgb) - mirror.rgb;
            vec3 share = mirror.rgb + grazing * pow(1.0 - facing, 5.0) * smoothstep(0.02, 0.045, strongest);
            share = max(share, shape.w * vec3(0.10 + 0.9 * pow(1.0 - facing, 4.0)));
            float hidden = mix(direct.a, 1.0, 0.5);
            colour = colour * (1.0 - 0.8 * shape.w * share.r) + share * reflected(position, depth, shape.xyz, mirror.a) * hidden;
        }
        distance_m = length(position);
        height = camera_position.y + toward.y * distance_m * 0.5;
    }
    float hidden_share = haze_share(distance_m, height);
    radiance = vec4(min(mix(colour, haze_light(toward), hidden_share), 60.0), 1.0);
}
