// The targets of the G-buffer. Where nobody reads motion or base, the program is built without.
layout(location = 0) out float depth_target;
layout(location = 1) out uint object_target;
layout(location = 2) out vec4 normal_target;
layout(location = 3) out vec4 anchor_target;
#ifdef MOTION_AT
layout(location = MOTION_AT) out vec2 motion_target;
#endif
#ifdef BASE_AT
layout(location = BASE_AT) out vec4 base_target;
#endif
