package access

// charset is a set of characters. Those beyond Latin-1, which a key policy cannot hold, count as one.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
type charset [5]uint64

const otherChar = 256 // stands for every character beyond U+00FF

func charIndex(c rune) uint {
	if c > 0xff {
		return otherChar
	}
	return uint(c)
}

func (s *charset) add(c rune) { i := charIndex(c); s[i/64] |= 1 << (i % 64) }

func (s *charset) has(i uint) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s charset) without(c rune) charset {
	i := charIndex(c)
	s[i/64] &^= 1 << (i % 64)
	return s
}

func anyChar() charset {
	s := charset{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	s.add(otherChar)
	return s
}

func charsOf(text string) charset {
	var s charset
	for _, c := range text {
		s.add(c)
	}
	return s
}

const (
	digits  = "0123456789"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// nameChars may stand in the names of users, roles and sessions.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const nameChars = letters + digits + "_+=,.@-"
