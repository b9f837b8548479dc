#include "view.glsl"
#include "blocking.glsl"

in vec3 position;
in vec3 normal;
#ifdef RIGID
in vec3 rest;  // where the vertex is in a mesh that nothing bends
#endif
// One instance: rows of affine matrices.
in vec4 world_row_x;
in vec4 world_row_y;
in vec4 world_row_z;
in vec4 previous_row_x;
in vec4 previous_row_y;
in vec4 previous_row_z;
in vec4 object_row_x;
in vec4 object_row_y;
in vec4 object_row_z;
in vec4 colour;  // sRGB, 0..255
in uint object_id;

out vec3 world_normal;
out vec3 anchor;
out vec3 now_clip;
out vec3 previous_clip;
flat out vec3 linear_colour;
flat out uint id;

vec3 carried(vec4 x, vec4 y, vec4 z, vec4 point) {
    return vec3(dot(x, point), dot(y, point), dot(z, point));
}

void main() {
    vec4 point = vec4(position, 1.0);
    vec4 world = vec4(carried(world_row_x, world_row_y, world_row_z, point), 1.0);
    vec4 previous = vec4(carried(previous_row_x, previous_row_y, previous_row_z, point), 1.0);
    gl_Position = clip_from_world * world;
    now_clip = gl_Position.xyw;
    previous_clip = (previous_clip_from_world * previous).xyw;
#ifdef RIGID
    // Meshes in their object's own space, which is only turned and moved.
    anchor = rest;
    world_normal = vec3(dot(world_row_x.xyz, normal), dot(world_row_y.xyz, normal), dot(world_row_z.xyz, normal));
#else
    anchor = carried(object_row_x, object_row_y, object_row_z, point);
    // Cofactors carry a normal through any scale and shear. A mirrored instance turns them inside out, and
    // its faces too: the fragment shader's look at gl_FrontFacing mends both at once.
    vec3 x = world_row_x.xyz;
    vec3 y = world_row_y.xyz;
    vec3 z = world_row_z.xyz;
    world_normal = vec3(dot(cross(y, z), normal), dot(cross(z, x), normal), dot(cross(x, y), normal));
#endif
    linear_colour = linear_from_srgb(colour.rgb / 255.0);
    id = object_id;
}
