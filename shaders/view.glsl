// The picture being drawn. Offscreen targets hold the top of the picture in row 0: the matrices here have
// y turned over, so that clip space, gl_FragCoord and texture coordinates all run downwards as our uv does.
layout(std140) uniform View {
    mat4 clip_from_world;
    mat4 previous_clip_from_world;
    vec4 camera_position;   // world, metres; w: near
    vec4 ray_origin;        // world direction (view z = -1) of the ray through uv (0, 0); w: far
    vec4 ray_per_u;         // what one picture width adds to it; w: metres of a pixel one metre away
    vec4 ray_per_v;         // what one picture height adds to it
    vec4 sun_direction;     // towards the sun; unit
    vec4 blocking_key;      // where the light of the blocking comes from; unit
    vec4 picture;           // width, height, 1 / width, 1 / height
};

// World direction through a point of the picture; its length along the view axis is 1, so that
// camera_position + view_ray(uv) * depth is the surface.
vec3 view_ray(vec2 uv) {
    return ray_origin.xyz + ray_per_u.xyz * uv.x + ray_per_v.xyz * uv.y;
}

const float SKY_DEPTH_LIMIT = 3.0e38;  // depth of the sky is +inf
