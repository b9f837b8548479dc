// What every pass of the teacher shares: its inputs, the look's values, and places from depth.
// LOOK_<NAME> and MATERIAL_<NAME> are defined by the program that loads the shader, from look.py's order.
#include "view.glsl"
#include "structure.glsl"

uniform sampler2D depth_map;
uniform usampler2D object_map;
uniform sampler2D normal_map;
uniform sampler2D anchor_map;
uniform usampler2D structure_map;
uniform sampler2D seen_map;         // of visible.frag
uniform sampler2D skylight_map;
uniform sampler2D lamplight_map;    // of lamps.frag
uniform sampler2D lamp_toward_map;
uniform sampler2D material_table;   // per row: the material's values, whether it is a person, the stuff (-1: unfinished),
                                    // the object's size in metres and the id its patterns are hashed from
uniform float look[LOOK_COUNT];
uniform uint seed;                  // of the structure map's hashes

vec3 linear_from_srgb(vec3 c) {
    return mix(c / 12.92, pow((c + 0.055) / 1.055, vec3(2.4)), step(0.04045, c));
}

vec3 srgb_from_linear(vec3 c) {
    return mix(c * 12.92, 1.055 * pow(max(c, 1e-6), vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c));
}

float luminance(vec3 c) {
    return dot(c, vec3(0.2126, 0.7152, 0.0722));
}

vec3 look_colour(int first) {
    return linear_from_srgb(vec3(look[first], look[first + 1], look[first + 2]));
}

ivec2 clamped(ivec2 texel) {
    return clamp(texel, ivec2(0), ivec2(picture.xy) - 1);
}

float depth_at(ivec2 texel) {
    return min(texelFetch(depth_map, clamped(texel), 0).r, 1e5);
}

vec3 ray_at(ivec2 texel) {
    return view_ray((vec2(texel) + 0.5) * picture.zw);
}

// World axes, the camera at the origin.
vec3 from_camera(ivec2 texel) {
    texel = clamped(texel);
    return ray_at(texel) * depth_at(texel);
}

// The bank of structure.frag as 16 numbers.
void bank_at(ivec2 texel, out float bank[16]) {
    uvec4 packed_bank = texelFetch(structure_map, clamped(texel), 0);
    for (int k = 0; k < 4; ++k) {
        vec4 v = unpack_bytes(packed_bank[k]);
        bank[4 * k] = v.x; bank[4 * k + 1] = v.y; bank[4 * k + 2] = v.z; bank[4 * k + 3] = v.w;
    }
}

vec3 sun_light() {
    return look_colour(LOOK_SUN_RED) * 4.2 * pow(look[LOOK_SUN_STRENGTH], 1.3);
}

float sky_level() {
    return 1.2 * pow(look[LOOK_SKY_STRENGTH], 0.75) + 0.006;
}

// The light of the whole sky on a surface. A sky's colour is how it is seen, so a dark blue night gives
// blue light, not dark blue light: the level is a value of its own.
vec3 mean_sky() {
    vec3 colour = mix(look_colour(LOOK_HORIZON_RED), look_colour(LOOK_ZENITH_RED), 0.45);
    float strongest = max(max(colour.r, max(colour.g, colour.b)), 0.002);
    return pow(colour / strongest, vec3(0.62)) * sky_level();
}

// The sky along a direction, without clouds.
vec3 clear_sky(vec3 toward) {
    float up = clamp(toward.y, 0.0, 1.0);
    vec3 colour = mix(look_colour(LOOK_HORIZON_RED), look_colour(LOOK_ZENITH_RED), pow(up, 0.55)) * 1.15;
    float near_sun = max(dot(toward, sun_direction.xyz), 0.0);
    return colour + sun_light() * (0.10 * pow(near_sun, 6.0) + 0.25 * pow(near_sun, 60.0)) * (0.3 + 0.7 * look[LOOK_SKY_STRENGTH]);
}

// The light of a part of the sky: of the zenith or the horizon, on the scale of mean_sky.
vec3 light_of(int first) {
    vec3 mean = mix(look_colour(LOOK_HORIZON_RED), look_colour(LOOK_ZENITH_RED), 0.45);
    float strongest = max(max(mean.r, max(mean.g, mean.b)), 0.002);
    vec3 light = pow(look_colour(first) / strongest, vec3(0.62));
    // Seen through a red sky, the world is not red all over: the eye has grown used to some of it.
    return mix(light, vec3(luminance(light)), 0.35) * sky_level();
}

// How dark it is: 1 = night, when eyes and film are opened wide.
float nightness() {
    return 1.0 - smoothstep(0.08, 0.42, look[LOOK_SKY_STRENGTH]);
}

// Beer and Lambert through haze that lies on the ground and thins with height; 0 = clear, 1 = hidden.
// The air's depth along a ray from height `from_m` to `to_m` is known exactly for an exponential air.
float haze_share(float distance_m, float from_m, float to_m) {
    float d = look[LOOK_FOG_DENSITY];
    float sigma = 0.26 * pow(d, 2.7);
    float scale = mix(40.0, 9.0, smoothstep(0.15, 0.75, d));
    float a = exp(-max(from_m, 0.0) / scale);
    float b = exp(-max(to_m, 0.0) / scale);
    float rise = (max(to_m, 0.0) - max(from_m, 0.0)) / scale;
    float mean = abs(rise) < 1e-3 ? a : (a - b) / rise;
    // A little of it reaches far up, or no tower would ever stand in mist.
    return 1.0 - exp(-sigma * distance_m * mix(mean, 1.0, 0.22));
}

// What the air sends towards the camera. Near air is dim and takes the zenith's colour, the deep of it is
// bright: layers of depth instead of one grey. `sunlit` is the share of it that the sun reaches.
vec3 haze_light(vec3 toward, float distance_m, float sunlit) {
    float near_sun = max(dot(toward, sun_direction.xyz), 0.0);
    vec3 air = look_colour(LOOK_FOG_RED) * 1.05;
    float deep = 1.0 - exp(-distance_m / 55.0);
    vec3 cool = mix(air, look_colour(LOOK_ZENITH_RED) * luminance(air) / max(luminance(look_colour(LOOK_ZENITH_RED)), 0.02), 0.30);
    air = mix(cool * 0.74, air * 1.06, deep);
    vec3 sun = sun_light() * (0.02 + 0.05 * pow(near_sun, 2.0) + 0.16 * pow(near_sun, 9.0));
    return air * mix(0.88, 1.0, sunlit) + sun * sunlit;
}
