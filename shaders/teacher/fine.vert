#include "view.glsl"

in vec3 position;  // world
in vec3 normal;    // world
in vec3 anchor;
in uint id;

out vec3 world_normal;
out vec3 place;
flat out uint row;

void main() {
    gl_Position = clip_from_world * vec4(position, 1.0);
    world_normal = normal;
    place = anchor;
    row = id;
}
