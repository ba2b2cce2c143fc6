//go:build !lab

package sandbox_test

// pythonRequired: outside a lab a machine may lack the interpreter.
const pythonRequired = false
