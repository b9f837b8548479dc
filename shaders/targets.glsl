// The targets of the G-buffer. Of those after the first two the program is built with what somebody reads.
layout(location = 0) out float depth_target;
layout(location = 1) out uint object_target;
#ifdef NORMAL_AT
layout(location = NORMAL_AT) out vec4 normal_target;
#endif
#ifdef ANCHOR_AT
layout(location = ANCHOR_AT) out vec4 anchor_target;
#endif
#ifdef MOTION_AT
layout(location = MOTION_AT) out vec2 motion_target;
#endif
#ifdef BASE_AT
layout(location = BASE_AT) out vec4 base_target;
#endif
