package facts

import (
	"slices"
	"strconv"
)

// attestationData is what the keys of an attested enclave or instance have in common.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-nitro-enclave.html
type attestationData struct {
	ConditionKey
	ImageKey   string `json:"nitro_enclave_image_key"`
	PCRPattern string `json:"nitro_enclave_pcr_pattern"`
	PCRs       []int  `json:"nitro_enclave_pcr_numbers"`
	TPMPattern string `json:"nitro_tpm_pattern"`
	TPMs       []int  `json:"nitro_tpm_pcr_numbers"`
}

// keys returns the attestation keys: one single key and two numbered families.
func (d attestationData) keys() []ConditionKey {
	image, pcr, tpm := d.ConditionKey, d.ConditionKey, d.ConditionKey
	image.Name = d.ImageKey
	pcr.Name, pcr.Numbers = d.PCRPattern, d.PCRs
	tpm.Name, tpm.Numbers = d.TPMPattern, d.TPMs
	keys := []ConditionKey{image, pcr, tpm}
	for i := range keys {
		keys[i].Scope = "listed operations"
	}
	return keys
}

// isNumber reports whether text is one of the numbers, written without leading zeros.
func isNumber(text string, numbers []int) bool {
	n, err := strconv.Atoi(text)
	return err == nil && strconv.Itoa(n) == text && slices.Contains(numbers, n)
}
