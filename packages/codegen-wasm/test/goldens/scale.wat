(module
  (type (;0;) (func (param i32 i32 i32)))
  (type (;1;) (func))
  (func $kernel.scale (type 0) (param $x i32) (param $w i32) (param $y i32)
    (local $i i32)
    (local.set $i
      (i32.const 0))
    (loop  ;; label = @1
      (f32.store
        (i32.add
          (local.get $y)
          (i32.mul
            (local.get $i)
            (i32.const 4)))
        (f32.add
          (f32.mul
            (f32.load
              (i32.add
                (local.get $x)
                (i32.mul
                  (local.get $i)
                  (i32.const 4))))
            (f32.load
              (i32.add
                (local.get $w)
                (i32.mul
                  (local.get $i)
                  (i32.const 4)))))
          (f32.const 0x1p+0 (;=1;))))
      (local.set $i
        (i32.add
          (local.get $i)
          (i32.const 1)))
      (br_if 0 (;@1;)
        (i32.lt_s
          (local.get $i)
          (i32.const 4)))))
  (func $run (type 1)
    (call $kernel.scale
      (i32.const 64)
      (i32.const 0)
      (i32.const 128)))
  (memory (;0;) 1 1)
  (export "run" (func $run))
  (export "memory" (memory 0)))
