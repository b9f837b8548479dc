flat in float page_stuff;
in vec3 page_normal;
in float inset;

layout(location = 0) out vec4 seen;   // stuff + 1, metres
layout(location = 1) out vec4 turned; // the normal

void main() {
    seen = vec4(page_stuff + 1.0, inset, 0.0, 0.0);
    turned = vec4(normalize(page_normal), 0.0);
}
