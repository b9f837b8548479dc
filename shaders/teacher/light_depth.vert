// The scene from a light far away.
uniform mat4 light_from_world;

in vec3 position;

void main() {
    gl_Position = light_from_world * vec4(position, 1.0);
}
