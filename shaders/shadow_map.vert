uniform mat4 light_from_world;

in vec3 position;
in vec4 world_row_x;
in vec4 world_row_y;
in vec4 world_row_z;

void main() {
    vec4 point = vec4(position, 1.0);
    vec4 world = vec4(dot(world_row_x, point), dot(world_row_y, point), dot(world_row_z, point), 1.0);
    gl_Position = light_from_world * world;
}
