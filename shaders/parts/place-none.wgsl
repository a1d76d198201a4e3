fn place(position: u32, i: u32) -> vec4f { return vec4f(); }
