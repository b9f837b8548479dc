#version 330 core
// Direct light: sun, sky, lamps and what glows, on bumped and patterned surfaces; the sky with its clouds.
#include "teacher/common.glsl"
#include "teacher/sky.glsl"
#include "teacher/surface.glsl"

layout(location = 0) out vec4 radiance;   // rgb; alpha = how much of the open sky a mirror here would show
layout(location = 1) out vec4 mirror;     // specular reflectance, roughness
layout(location = 2) out vec4 shape;      // bumped normal; alpha = puddle
layout(location = 3) out vec4 albedo;

// Mikkelsen, "Bump Mapping Unparametrized Surfaces on the GPU", 2010, from the neighbours' relief.
vec3 bumped(ivec2 texel, int row, uint object, float bank[16], vec3 position, float depth, vec3 normal) {
    float here = relief(row, bank);
    float slope[2] = float[2](0.0, 0.0);
    vec3 tangent[2];
    for (int k = 0; k < 2; ++k) {
        ivec2 one_step = k == 0 ? ivec2(1, 0) : ivec2(0, 1);
        ivec2 next = clamped(texel + one_step);
        vec3 ray = ray_at(texel + one_step);
        tangent[k] = ray * (dot(normal, position) / min(dot(normal, ray), -1e-3)) - position;
        if (texelFetch(object_map, next, 0).r == object && abs(depth_at(next) - depth) < 0.05 * depth) {
            float there[16];
            bank_at(next, there);
            slope[k] = relief(row, there) - here;
        }
    }
    vec3 r1 = cross(tangent[1], normal);
    vec3 r2 = cross(normal, tangent[0]);
    float volume = dot(tangent[0], r1);
    vec3 gradient = sign(volume) * (slope[0] * r1 + slope[1] * r2);
    float steepest = 0.9 * abs(volume);
    float steep = length(gradient);
    if (steep > steepest) gradient *= steepest / steep;
    return normalize(abs(volume) * normal - gradient + 1e-9 * normal);
}

// Where the surface folds outwards (> 0) or inwards (< 0), within a few pixels: edges that wear, hollows that
// keep dirt.
float fold_of(ivec2 texel, vec3 normal, float depth) {
    float sum = 0.0;
    for (int k = 0; k < 2; ++k) {
        ivec2 one_step = (k == 0 ? ivec2(1, 0) : ivec2(0, 1)) * max(1, int(picture.y / 288.0));
        vec3 axis = normalize(k == 0 ? ray_per_u.xyz : ray_per_v.xyz);
        ivec2 a = clamped(texel + one_step), b = clamped(texel - one_step);
        float da = depth_at(a), db = depth_at(b);
        float near = step(abs(da - depth), 0.04 * depth) * step(abs(db - depth), 0.04 * depth);
        sum += near * dot(texelFetch(normal_map, a, 0).xyz - texelFetch(normal_map, b, 0).xyz, axis);
    }
    return clamp(0.5 * sum, -1.0, 1.0);
}

void main() {
    ivec2 texel = ivec2(gl_FragCoord.xy);
    uint object = texelFetch(object_map, texel, 0).r;
    float bank[16];
    bank_at(texel, bank);
    vec3 ray = ray_at(texel);
    if (object == 0u) {
        radiance = vec4(sky_seen(texel, normalize(ray), bank[5], bank[8]), 1.0);
        mirror = vec4(0.0, 0.0, 0.0, 1.0);
        shape = vec4(0.0, 0.0, 1.0, 0.0);
        albedo = vec4(0.0);
        return;
    }
    int row = int(object) - 1;
    float depth = texelFetch(depth_map, texel, 0).r;
    vec3 position = ray * depth;
    vec3 normal = normalize(texelFetch(normal_map, texel, 0).xyz);
    vec4 seen = texelFetch(seen_map, texel, 0);
    vec4 skylight = texelFetch(skylight_map, texel, 0);
    float rained = smoothstep(0.12, 0.6, seen.g);
    float fold = fold_of(texel, normal, depth);
    Surface s = surface_at(row, bank, normal, texelFetch(anchor_map, texel, 0).xyz, rained, fold);
    float puddle = puddle_share(bank, normal, rained);
    vec3 bump = normalize(mix(bumped(texel, row, object, bank, position, depth, normal), normal, max(puddle, s.pane)));
    vec3 toward_eye = -normalize(position);

    float contact = bank[11];
    float sun_share = seen.r;
    float facing_sun = dot(bump, sun_direction.xyz);
    float thin = s.thin;
    float wrapped = mix(max(facing_sun, 0.0), clamp((facing_sun + 0.45) / 1.45, 0.0, 1.0), thin);
    vec3 sun = sun_light() * wrapped * mix(sun_share, max(sun_share, 0.35 * seen.b), thin);

    // The sky: what the directions that are open send, turned a little with the bumps.
    float turned = 1.0 + 0.75 * (bump.y - normal.y);
    vec3 sky = (light_of(LOOK_ZENITH_RED) * skylight.r + light_of(LOOK_HORIZON_RED) * skylight.g) * 1.40 * turned * mix(1.0, contact, 0.55);
    // What comes back from the ground and from the walls of a place that the sky hardly sees into.
    float under = 0.5 - 0.5 * bump.y;
    vec3 sun_on_ground = sun_light() * max(sun_direction.y, 0.0);
    vec3 ground = mix(look_colour(LOOK_PLACE_RED), vec3(0.30), 0.5);
    vec3 bounced = ground * (0.26 * sun_on_ground * (0.25 + 0.75 * seen.b) + 0.42 * mean_sky() * (0.3 + 0.7 * seen.b)) * (0.25 + 0.75 * under);
    vec3 indoors = (0.46 * mean_sky() + 0.10 * sun_on_ground) * (1.0 - smoothstep(0.02, 0.42, seen.b)) * (0.75 + 0.25 * bump.y);
    vec3 fill = (bounced + indoors) * (0.25 + 0.75 * contact * contact);
    // Film shot at night is lit: the deepest shade keeps a little of the sky's colour.
    fill += nightness() * (0.10 + 0.09 * seen.b) * mean_sky() / max(luminance(mean_sky()), 1e-3) * (0.5 + 0.5 * contact) * (0.6 + 0.4 * bump.y);

    vec3 lamp_toward = texelFetch(lamp_toward_map, texel, 0).xyz;
    float together = min(length(lamp_toward), 1.0);
    vec3 lamp_way = lamp_toward / max(together, 1e-3);
    vec3 lamp_given = texelFetch(lamplight_map, texel, 0).rgb * look[LOOK_LAMPS] * 5.0;
    lamp_given /= 1.0 + 0.10 * luminance(lamp_given);
    vec3 lamps = lamp_given * clamp(1.0 + together * 0.9 * (dot(bump, lamp_way) - dot(normal, lamp_way)) / max(dot(normal, lamp_way), 0.25), 0.3, 1.7);
    lamps *= mix(1.0, contact, 0.4);
    // As an eye or a lit film set has it, shade is brighter than the sums say: to each place by what falls there.
    vec3 falls = sun + sky + fill + lamps;
    float reference = max(0.95 * luminance(mean_sky()) + 0.20 * luminance(sun_light()), 0.50);
    float level = max(luminance(falls), 1e-3) / reference;
    falls *= level < 1.0 ? min(pow(level, -0.45), 4.0) : pow(level, -0.28);
    vec3 colour = s.albedo * falls + s.emission;

    // Own reflections of sun and lamps: Blinn and Phong, normalised.
    float power = 2.0 / max(pow(s.roughness, 4.0), 0.002);
    vec3 half_way = normalize(sun_direction.xyz + toward_eye);
    float lobe = (power + 8.0) / 25.0 * pow(max(dot(bump, half_way), 0.0), power);
    colour += s.specular * min(lobe, 30.0) * sun_light() * sun_share * max(facing_sun, 0.0);
    half_way = normalize(lamp_way + toward_eye);
    lobe = (power + 8.0) / 25.0 * pow(max(dot(bump, half_way), 0.0), power);
    colour += s.specular * min(lobe, 12.0) * lamp_given * together;
    // Cloth, dust and leaves shine at the rim against the light.
    float rim = pow(1.0 - clamp(dot(bump, toward_eye), 0.0, 1.0), 4.0);
    colour += s.albedo * s.roughness * rim * 0.35 * (sun_light() * sun_share * max(0.0, dot(-toward_eye, sun_direction.xyz)) + sky * 0.3);

    radiance = vec4(min(colour, 40.0), skylight.b);
    mirror = vec4(s.specular, s.roughness);
    shape = vec4(bump, puddle);
    albedo = vec4(s.albedo, 1.0);
}
