// Package boxes is an algebra of sets in a space of several dimensions, each of which is cut into finitely many classes. A Set is
// a set of classes of one dimension, a Box has one Set a dimension and holds the points that are in all of them, and a union of
// boxes is a list. The difference of a box and a union is again a list of boxes, disjoint ones, which Subtraction visits.
//
// The package knows nothing of what the dimensions are.
package boxes
