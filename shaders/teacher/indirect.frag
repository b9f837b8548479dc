#version 330 core
// What other surfaces send: one bounce gathered from the picture, reflections marched through the depth
// buffer (the sky where the march leaves it), then haze.
#include "teacher/common.glsl"
#include "teacher/sky.glsl"

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
    float turn = 6.2832 * hash_cell(ivec3(texel, 17), 5u).x;
    vec3 sum = vec3(0.0);
    for (int ring = 0; ring < 3; ++ring) {
        float reach = ring == 0 ? 0.45 : ring == 1 ? 1.4 : 4.0;
        float radius = clamp(0.6 * reach * per_metre, 3.0 + 3.0 * float(ring), 0.40 * picture.y);
        float level = clamp(log2(radius) - 1.2, 0.0, 6.0);
        for (int k = 0; k < 6; ++k) {
            float angle = 1.0472 * float(k) + 0.5236 * float(ring) + turn;
            ivec2 there = clamped(texel + ivec2(round(radius * vec2(cos(angle), sin(angle)))));
            vec3 to = from_camera(there) - position;
            float distance_squared = dot(to, to) + 1e-4;
            vec3 way = to * inversesqrt(distance_squared);
            float cosine = max(dot(way, normal), 0.0);
            // A surface sends where it faces; what is seen of a thin thing's edge may face anywhere.
            float sends = 0.25 + 0.75 * clamp(-dot(texelFetch(normal_map, there, 0).xyz, way) + 0.2, 0.0, 1.0);
            float near = clamp(1.2 - sqrt(distance_squared) / (1.8 * reach), 0.0, 1.0);
            vec3 sent = textureLod(radiance_map, (vec2(there) + 0.5) * picture.zw, level).rgb;
            sent /= 1.0 + 0.12 * luminance(sent);
            sum += sent * cosine * near * sends;
        }
    }
    return sum / 8.0;
}

vec3 reflected(ivec2 texel, vec3 position, float depth, vec3 normal, float roughness, float open) {
    vec3 toward = reflect(normalize(position), normal);
    vec3 sky = clear_sky(vec3(toward.x, max(toward.y, 0.0), toward.z));
    // Clouds are seen in mirrors too, if only as a softer light.
    vec3 cloudy = mix(look_colour(LOOK_HORIZON_RED), look_colour(LOOK_ZENITH_RED), 0.35);
    sky = mix(sky, vec3(luminance(cloudy)) * 1.1, 0.5 * smoothstep(0.2, 0.9, look[LOOK_CLOUDS]) * smoothstep(0.0, 0.3, toward.y));
    vec3 around = textureLod(radiance_map, clamp(uv_of(position + toward * depth * 0.3), 0.05, 0.95), 6.0).rgb;
    around = min(around, 3.0) * mix(0.8, 1.15, smoothstep(-0.5, 0.8, toward.y));
    sky = mix(around, sky, open * smoothstep(-0.25, 0.05, toward.y));
    float stride = 0.03 * depth + 0.012;
    vec3 forward = normalize(cross(ray_per_v.xyz, ray_per_u.xyz));
    forward *= sign(dot(forward, position));
    float along = stride * (0.4 + 0.8 * hash_cell(ivec3(texel, 23), 7u).x);
    vec3 found = sky;
    for (int k = 0; k < 34; ++k) {
        vec3 p = position + toward * along;
        float ahead = dot(p, forward);
        if (ahead < 0.05) break;
        vec2 uv = uv_of(p);
        if (any(lessThan(uv, vec2(0.0))) || any(greaterThan(uv, vec2(1.0)))) break;
        float behind = ahead - depth_at(ivec2(uv * picture.xy));
        if (behind > 0.0 && behind < 2.5 * stride + 0.15) {
            // Between the last step and this one, twice halved.
            for (int h = 0; h < 3; ++h) {
                float middle = along - stride * exp2(-float(h) - 1.0);
                vec3 q = position + toward * middle;
                vec2 at = uv_of(q);
                if (dot(q, forward) > depth_at(ivec2(at * picture.xy))) { along = middle; uv = at; }
            }
            vec2 inner = min(uv, 1.0 - uv);
            float kept = smoothstep(0.0, 0.06, min(inner.x, inner.y));
            float level = clamp(roughness * 6.0 + log2(1.0 + along * roughness * 2.0), 0.0, 6.0);
            vec3 there = textureLod(radiance_map, uv, level).rgb;
            found = mix(sky, min(there, 14.0), kept);
            break;
        }
        stride *= 1.11;
        along += stride;
    }
    return mix(found, mix(sky, mean_sky() * mix(0.5, 1.0, open), 0.5), smoothstep(0.5, 0.9, roughness) * 0.6);
}

void main() {
    ivec2 texel = ivec2(gl_FragCoord.xy);
    vec4 direct = texelFetch(radiance_map, texel, 0);
    vec3 ray = ray_at(texel);
    vec3 toward = normalize(ray);
    uint object = texelFetch(object_map, texel, 0).r;
    float sunlit_air = texelFetch(seen_map, texel, 0).a;
    vec3 colour = direct.rgb;
    float distance_m;
    float height;
    if (object == 0u) {
        distance_m = min(14.0 / (max(toward.y, 0.0) + 0.05), 280.0);
        height = camera_position.y + toward.y * distance_m;
    } else {
        float depth = texelFetch(depth_map, texel, 0).r;
        vec3 position = ray * depth;
        vec4 shape = texelFetch(shape_map, texel, 0);
        vec4 mirror = texelFetch(mirror_map, texel, 0);
        vec3 own = texelFetch(albedo_map, texel, 0).rgb;
        colour += own * bounce(texel, position, depth, shape.xyz);
        float facing = clamp(dot(shape.xyz, -normalize(position)), 0.0, 1.0);
        float strongest = max(mirror.r, max(mirror.g, mirror.b));
        if (strongest > 0.004) {
            float smoothness = 1.0 - mirror.a;
            vec3 grazing = max(vec3(smoothness), mirror.rgb) - mirror.rgb;
            vec3 share = mirror.rgb + grazing * pow(1.0 - facing, 5.0) * smoothstep(0.02, 0.045, strongest);
            share = max(share, shape.w * vec3(0.10 + 0.9 * pow(1.0 - facing, 4.0)));
            colour = colour * (1.0 - 0.8 * shape.w * share.r) + share * reflected(texel, position, depth, shape.xyz, mirror.a, direct.a);
        }
        distance_m = length(position);
        height = camera_position.y + toward.y * distance_m;
    }
    float hidden_share = haze_share(distance_m, camera_position.y, height);
    radiance = vec4(min(mix(colour, haze_light(toward, distance_m, sunlit_air), hidden_share), 40.0), 1.0);
}
