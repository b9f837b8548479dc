// A limb as a rectangle about an ellipse, or a joint as a square about a disc; nothing where an end is hidden.
#include "view.glsl"

uniform sampler2D depth_map;
uniform usampler2D object_map;
uniform float radius_px;

in vec4 from_id;      // where it begins, world; w: id of the figure's object
in vec4 to_height;    // where it ends, world; w: how large the figure is, metres
in vec4 colour;

out vec2 at;          // from the middle, along and across, pixels
flat out vec2 extent; // half along and half across
flat out vec3 shown;

vec2 pixels_of(vec3 world) {
    vec4 clip = clip_from_world * vec4(world, 1.0);
    return (0.5 * clip.xy / clip.w + 0.5) * picture.xy;
}

// Whether a point of the body can be seen: it lies a little under the body's own surface.
bool is_seen(vec3 world, vec2 pixel) {
    if (any(lessThan(pixel, vec2(0.0))) || any(greaterThanEqual(pixel, picture.xy))) {
        return false;
    }
    float depth = (clip_from_world * vec4(world, 1.0)).w;
    float slack = 0.05 * to_height.w;
    // Something a pixel wide does not hide a joint.
    for (int i = 0; i < 5; ++i) {
        ivec2 aside = i == 0 ? ivec2(0) : ivec2(i == 1 ? 1 : i == 2 ? -1 : 0, i == 3 ? 1 : i == 4 ? -1 : 0);
        ivec2 place = clamp(ivec2(pixel) + aside, ivec2(0), ivec2(picture.xy) - 1);
        if (texelFetch(object_map, place, 0).r == uint(from_id.w + 0.5)
            || texelFetch(depth_map, place, 0).r > depth - slack) {
            return true;
        }
    }
    return false;
}

void main() {
    vec2 from = pixels_of(from_id.xyz);
    vec2 to = pixels_of(to_height.xyz);
    vec2 along = to - from;
    float span = length(along);
    along = span > 1.0e-3 ? along / span : vec2(1.0, 0.0);
    bool is_joint = from_id.xyz == to_height.xyz;
    extent = vec2(is_joint ? radius_px : 0.5 * span, radius_px);
    vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)) * 2.0 - 1.0;
    at = corner * (extent + 1.0);
    shown = colour.rgb;
    vec2 pixel = 0.5 * (from + to) + along * at.x + vec2(-along.y, along.x) * at.y;
    bool is_drawn = is_seen(from_id.xyz, from) && is_seen(to_height.xyz, to);
    gl_Position = is_drawn ? vec4(2.0 * pixel * picture.zw - 1.0, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
}
