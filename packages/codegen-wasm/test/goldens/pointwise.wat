(module
  (type (;0;) (func (param i32 i32 i32)))
  (type (;1;) (func (param i32 i32)))
  (type (;2;) (func))
  (type (;3;) (func (result i32)))
  (func $kernel.conv (type 0) (param $x i32) (param $w i32) (param $y i32)
    (local $d i32) (local $p2 i32) (local $p4 i32) (local $o i32) (local $p0 i32) (local $k i32) (local $p1 i32) (local $p3 i32) (local $p1 end i32) (local $p5 i32) (local $s00 f32) (local $s01 f32) (local $s10 f32) (local $s11 f32) (local $b0 f32) (local $b1 f32) (local $a0 f32) (local $a1 f32)
    (local.set $d
      (i32.const 0))
    (loop  ;; label = @1
      (local.set $p2
        (i32.add
          (local.get $x)
          (i32.mul
            (local.get $d)
            (i32.const 8))))
      (local.set $p4
        (i32.add
          (local.get $y)
          (i32.mul
            (local.get $d)
            (i32.const 16))))
      (local.set $o
        (i32.const 0))
      (loop  ;; label = @2
        (local.set $s00
          (f32.const 0x0p+0 (;=0;)))
        (local.set $s01
          (f32.const 0x0p+0 (;=0;)))
        (local.set $s10
          (f32.const 0x0p+0 (;=0;)))
        (local.set $s11
          (f32.const 0x0p+0 (;=0;)))
        (local.set $p0
          (i32.add
            (local.get $w)
            (i32.mul
              (local.get $o)
              (i32.const 8))))
        (local.set $k
          (i32.const 0))
        (local.set $p1
          (i32.add
            (local.get $p0)
            (i32.mul
              (local.get $k)
              (i32.const 8))))
        (local.set $p3
          (i32.add
            (local.get $p2)
            (i32.mul
              (local.get $k)
              (i32.const 4))))
        (local.set $p1_end
          (i32.add
            (local.get $p1)
            (i32.const 16)))
        (loop  ;; label = @3
          (local.set $b0
            (f32.load
              (local.get $p1)))
          (local.set $b1
            (f32.load offset=4
              (local.get $p1)))
          (local.set $a0
            (f32.load
              (local.get $p3)))
          (local.set $s00
            (f32.add
              (local.get $s00)
              (f32.mul
                (local.get $a0)
                (local.get $b0))))
          (local.set $s01
            (f32.add
              (local.get $s01)
              (f32.mul
                (local.get $a0)
                (local.get $b1))))
          (local.set $a1
            (f32.load offset=8
              (local.get $p3)))
          (local.set $s10
            (f32.add
              (local.get $s10)
              (f32.mul
                (local.get $a1)
                (local.get $b0))))
          (local.set $s11
            (f32.add
              (local.get $s11)
              (f32.mul
                (local.get $a1)
                (local.get $b1))))
          (local.set $p1
            (i32.add
              (local.get $p1)
              (i32.const 8)))
          (local.set $p3
            (i32.add
              (local.get $p3)
              (i32.const 4)))
          (br_if 0 (;@3;)
            (i32.ne
              (local.get $p1)
              (local.get $p1_end))))
        (local.set $p5
          (i32.add
            (local.get $p4)
            (i32.mul
              (local.get $o)
              (i32.const 4))))
        (f32.store
          (local.get $p5)
          (local.get $s00))
        (f32.store offset=4
          (local.get $p5)
          (local.get $s01))
        (f32.store offset=16
          (local.get $p5)
          (local.get $s10))
        (f32.store offset=20
          (local.get $p5)
          (local.get $s11))
        (local.set $o
          (i32.add
            (local.get $o)
            (i32.const 2)))
        (br_if 0 (;@2;)
          (i32.and
            (i32.lt_s
              (local.get $o)
              (i32.const 4))
            (global.get 0))))
      (local.set $d
        (i32.add
          (local.get $d)
          (i32.const 2)))
      (br_if 0 (;@1;)
        (i32.and
          (i32.lt_s
            (local.get $d)
            (i32.const 6))
          (global.get 0)))))
  (func $kernel.relu6 (type 1) (param $x i32) (param $y i32)
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
        (f32.min
          (f32.max
            (f32.load
              (i32.add
                (local.get $x)
                (i32.mul
                  (local.get $i)
                  (i32.const 4))))
            (f32.const 0x0p+0 (;=0;)))
          (f32.const 0x1.8p+2 (;=6;))))
      (local.set $i
        (i32.add
          (local.get $i)
          (i32.const 1)))
      (br_if 0 (;@1;)
        (i32.lt_s
          (local.get $i)
          (i32.const 24)))))
  (func $run (type 2)
    (call $kernel.conv
      (i32.const 64)
      (i32.const 0)
      (i32.const 128))
    (call $kernel.relu6
      (i32.const 128)
      (i32.const 128)))
  (func $warm (type 2)
    (local $turn i32)
    (global.set 0
      (i32.const 0))
    (local.set $turn
      (i32.const 400))
    (loop  ;; label = @1
      (call $kernel.conv
        (i32.const 64)
        (i32.const 0)
        (i32.const 128))
      (local.set $turn
        (i32.sub
          (local.get $turn)
          (i32.const 1)))
      (br_if 0 (;@1;)
        (local.get $turn)))
    (local.set $turn
      (i32.const 400))
    (loop  ;; label = @1
      (call $kernel.relu6
        (i32.const 128)
        (i32.const 128))
      (local.set $turn
        (i32.sub
          (local.get $turn)
          (i32.const 1)))
      (br_if 0 (;@1;)
        (local.get $turn)))
    (global.set 0
      (i32.const 1)))
  (func $checksum (type 3) (result i32)
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
