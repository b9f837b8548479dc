// Motion since the tick before: the hue is the direction, the brightness the speed. A fiftieth of the
// picture's width a tick is full brightness.

uniform sampler2D map;
uniform float aspect;

in vec2 uv;
out vec4 colour;

void main() {
    vec2 motion = texture(map, uv).xy * vec2(1.0, 1.0 / aspect);
    float speed = length(motion) * 50.0;
    float turn = atan(motion.y, motion.x) / 6.2831853;
    vec3 hue = clamp(abs(fract(turn + vec3(0.0, 2.0, 1.0) / 3.0) * 6.0 - 3.0) - 1.0, 0.0, 1.0);
    colour = vec4(hue * sqrt(min(speed, 1.0)), 1.0);
}
