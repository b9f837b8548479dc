// White where a border between objects, a step in the depth of one, or a crease of a surface lies between this
// pixel and one beside it, and this one is the nearer: lines are a pixel wide, and lie on what they outline.
#include "view.glsl"

uniform sampler2D depth_map;
uniform sampler2D normal_map;
uniform usampler2D object_map;

out float edge;

const float STEP = 0.08;       // of inverse depth, as a share of it: as the meters have it
const float CREASE = 0.766;    // cosine of 40 degrees: what is meant to be round has facets below it
const float LEVEL = 0.02;      // nearer than by this share, neither is

float inverse_depth(ivec2 pixel) {
    float depth = texelFetch(depth_map, pixel, 0).r;
    return depth > SKY_DEPTH_LIMIT ? 0.0 : 1.0 / max(depth, 1.0e-6);
}

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    ivec2 last = ivec2(picture.xy) - 1;
    uint object = texelFetch(object_map, here, 0).r;
    float own = inverse_depth(here);
    edge = 0.0;
    if (object == 0u) {
        return;  // the sky is behind everything
    }
    vec3 normal = texelFetch(normal_map, here, 0).xyz;
    for (int axis = 0; axis < 2; ++axis) {
        ivec2 along = ivec2(1 - axis, axis);
        ivec2 back = here - along;
        ivec2 on = here + along;
        bool has_back = back[axis] >= 0;
        bool has_on = on[axis] <= last[axis];
        float before = has_back ? inverse_depth(back) : own;
        float after = has_on ? inverse_depth(on) : own;
        // How far inverse depth is from running straight on, which it does along a plane; 0 at the rim.
        float bend = has_back && has_on ? abs(before - 2.0 * own + after) : 0.0;
        for (int side = 0; side < 2; ++side) {
            bool is_on = side == 0;
            if (!(is_on ? has_on : has_back)) {
                continue;
            }
            ivec2 there = is_on ? on : back;
            float other = is_on ? after : before;
            // Of equals, as along a fold, the one above or to the left.
            bool is_mine = abs(own - other) > LEVEL * max(own, other) ? own > other : is_on;
            if (!is_mine) {
                continue;
            }
            bool is_edge = texelFetch(object_map, there, 0).r != object
                || dot(normal, texelFetch(normal_map, there, 0).xyz) < CREASE;
            float limit = STEP * max(min(own, other), 1.0e-6);
            if (!is_edge && bend > limit) {
                ivec2 beyond = is_on ? on + along : back - along;
                bool is_inside = beyond[axis] >= 0 && beyond[axis] <= last[axis];
                is_edge = is_inside && abs(own - 2.0 * other + inverse_depth(beyond)) > limit;
            }
            if (is_edge) {
                edge = 1.0;
            }
        }
    }
}
