// Package uses reports whether a policy lets a key be used for what it is for. A use is what AWS documents that a service
// asks of a key (facts.Use): its requests are decided by the engine, and of one that is not allowed the engine is asked which
// statement or which condition is in the way. What AWS's pages leave open is given as such, never as refused.
package uses
