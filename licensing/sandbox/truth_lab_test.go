//go:build lab

package sandbox_test

// pythonRequired: in a lab run a missing interpreter is a failure.
const pythonRequired = true
