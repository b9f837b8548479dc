// A finished thing, flat onto one face of its box.
uniform mat4 page_from_object;
uniform float deep; // metres, from the nearest that is kept to the farthest

in vec3 position;
in vec3 normal;
in float stuff;

flat out float page_stuff;
out vec3 page_normal;
out float inset; // metres behind the nearest that is kept

void main() {
    gl_Position = page_from_object * vec4(position, 1.0);
    inset = (gl_Position.z * 0.5 + 0.5) * deep;
    page_normal = normal;
    page_stuff = stuff;
}
