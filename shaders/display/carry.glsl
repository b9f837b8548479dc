// What lies now at a pixel, carried to where it was at another moment: camera and object moves are known
// exactly. Rows of a table, four texels an id: columns of clip_from_world then, for what moves with it.

uniform sampler2D carry;
uniform vec3 camera_position;
uniform vec3 ray_origin;            // world direction through uv (0, 0), 1 along the view axis
uniform vec3 ray_per_u;
uniform vec3 ray_per_v;

const float SAME_DEPTH = 0.04;      // share of the depth within which a surface is the same one
const int IDS_PER_ROW = 64;
const float OVERHANGS = 2.0 / 255.0;  // alpha of what hangs over what was blocked, and moves another way

// Clip coordinates then of what object `id` shows at `uv` and `away` metres now; the sky has id 0.
vec4 carried(uint id, vec2 at, float away) {
    vec3 ray = ray_origin + ray_per_u * at.x + ray_per_v * at.y;
    vec4 point = id == 0u ? vec4(ray, 0.0) : vec4(camera_position + ray * away, 1.0);
    ivec2 row = ivec2((int(id) % IDS_PER_ROW) * 4, int(id) / IDS_PER_ROW);
    return mat4(texelFetch(carry, row, 0), texelFetch(carry, row + ivec2(1, 0), 0),
                texelFetch(carry, row + ivec2(2, 0), 0), texelFetch(carry, row + ivec2(3, 0), 0)) * point;
}

vec2 uv_of(vec4 clip) {
    return vec2(0.5 + 0.5 * clip.x / clip.w, 0.5 - 0.5 * clip.y / clip.w);
}

bool same_depth(float there, float expected) {
    return abs(there - expected) <= SAME_DEPTH * expected + 0.02;
}

bool overhangs(float known) {
    return abs(known - OVERHANGS) < 0.002;
}
