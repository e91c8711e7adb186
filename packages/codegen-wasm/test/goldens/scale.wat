(module
  (type (;0;) (func (param i32 i32 i32)))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
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
  (func $warm (type 1)
    (local $turn i32)
    (global.set 0
      (i32.const 0))
    (local.set $turn
      (i32.const 400))
    (loop  ;; label = @1
      (call $kernel.scale
        (i32.const 64)
        (i32.const 0)
        (i32.const 128))
      (local.set $turn
        (i32.sub
          (local.get $turn)
          (i32.const 1)))
      (br_if 0 (;@1;)
        (local.get $turn)))
    (global.set 0
      (i32.const 1)))
  (func $checksum (type 2) (result i32)
    (local $at i32) (local $hashes v128)
    (local.set $hashes
      (v128.const i32x4 0x811c9dc5 0x811c9dc5 0x811c9dc5 0x811c9dc5))
    (loop  ;; label = @1
      (local.set $hashes
        (i32x4.mul
          (v128.xor
            (local.get $hashes)
            (v128.load
              (local.get $at)))
          (v128.const i32x4 0x01000193 0x01000193 0x01000193 0x01000193)))
      (local.set $at
        (i32.add
          (local.get $at)
          (i32.const 16)))
      (br_if 0 (;@1;)
        (i32.ne
          (local.get $at)
          (i32.const 64))))
    (return
      (i32.mul
        (i32.xor
          (i32.mul
            (i32.xor
              (i32.mul
                (i32.xor
                  (i32.mul
                    (i32.xor
                      (i32.const -2128831035)
                      (i32x4.extract_lane 0
                        (local.get $hashes)))
                    (i32.const 16777619))
                  (i32x4.extract_lane 1
                    (local.get $hashes)))
                (i32.const 16777619))
              (i32x4.extract_lane 2
                (local.get $hashes)))
            (i32.const 16777619))
          (i32x4.extract_lane 3
            (local.get $hashes)))
        (i32.const 16777619))))
  (memory (;0;) 1 1)
  (global (;0;) (mut i32) (i32.const 1))
  (export "run" (func $run))
  (export "warm" (func $warm))
  (export "checksum" (func $checksum))
  (export "memory" (memory 0)))
