fn turn(position: u32, i: u32, value: vec4f) -> vec4f { return value; }
