// Light of the scene's lamps on every surface, linear RGB, 1 = full sun. Without shadows.
#include "view.glsl"

const int MOST = 32;

layout(std140) uniform Lamps {
    vec4 lamp_position[MOST];  // world, metres; w: the object that carries it, or the first of its pieces
    vec4 lamp_light[MOST];     // illuminance one metre away; w: the last of its pieces
    vec4 lamp_count;
};

uniform sampler2D depth_map;
uniform sampler2D normal_map;
uniform usampler2D object_map;

out vec4 light;

// A lamp is no point: within about this many metres of it, coming nearer adds little.
const float SOFT_M = 0.25;

void main() {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    float depth = texelFetch(depth_map, pixel, 0).r;
    vec3 sum = vec3(0.0);
    if (depth < SKY_DEPTH_LIMIT) {
        vec3 normal = texelFetch(normal_map, pixel, 0).xyz;
        float object = float(texelFetch(object_map, pixel, 0).r);
        vec3 world = camera_position.xyz + view_ray(gl_FragCoord.xy * picture.zw) * depth;
        int count = int(lamp_count.x);
        for (int i = 0; i < count; ++i) {
            vec3 towards = lamp_position[i].xyz - world;
            float squared = dot(towards, towards);
            float cosine = dot(normal, towards) * inversesqrt(max(squared, 1.0e-8));
            // A lamp sits inside its own object and shines through it.
            bool carries = object >= lamp_position[i].w && object <= lamp_light[i].w;
            cosine = carries ? abs(cosine) : max(cosine, 0.0);
            // Scaled so that one metre away it is exactly the lamp's strength.
            sum += lamp_light[i].rgb * (cosine * (1.0 + SOFT_M * SOFT_M) / (squared + SOFT_M * SOFT_M));
        }
    }
    light = vec4(min(sum, vec3(1000.0)), 1.0);
}
