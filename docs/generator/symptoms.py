"""What people say they see, in their words, and the mistakes that look like it; and where in the code each one sits."""

SYMPTOMS: dict[str, dict[str, str]] = {
    "The loss does not go down": {
        "Loss stuck at ln 10, about 2.303; accuracy 10 %, no better than guessing": "TR133 TR140 TR141 TR150 TR175 TR176 "
        "TR125 TR116 TR114 TR178 RG116 GD103 GD131 GD147 GD157 TR126",
        "Loss does not change at all, weights do not move": "TR140 TR152 TR153 TR175 TR176 TR179 TR142 TR135 TR226 GD104 "
        "GD135 GD120 GD154 GD158 GD118",
        "Loss falls very slowly, training is slow": "TR141 TR142 TR136 TR111 TR125 TR226 TR171 TR149 GD131 GD138 GD110 GD154 "
        "GD164 GD113 GD101",
        "Loss stuck at 1.461, will not fall below a floor": "TR120 TR121 TR155 GD115",
        "Loss stalls too high, the network learns less than it should": "GD105 GD111 GD129 GD142 GD150 GD113 GD130 TR129 TR149 "
        "TR124 TR148 TR131 TR145 TR135 TR172 GD143 GD166 TR122 GD118 GD163",
        "Loss does not reach zero when one batch is to be overfitted": "TR222 TR123 TR120 TR177",
        "Every record gets the same answer, the mean of all labels": "GD126 TR146 GD124 GD114 GD140",
        "Each epoch starts again from the beginning": "TR178 TR137 GD141",
    },
    "The loss goes up, jumps or explodes": {
        "Loss goes up, the network learns the wrong way": "GD121 TR151 RG112 TR201 TR221 GD160 RG119 TR174 GD128",
        "Loss explodes, overshoots, wavers": "GD104 GD123 GD153 TR141 TR147 TR174 TR177 GD125 GD137 GD136 GD146 GD127 GD128 TR133",
        "Loss is nan or inf": "TR187 GD108 GD159 GD161 RG120 GD107 GD123 TR151 TR154 GD165",
        "Loss is negative, below zero": "TR144 TR151 TR116 RG111 RG112",
        "Loss curve is noisy, jumps from epoch to epoch": "TR166 GD112 TR102 TR123 TR193 TR137 TR142 GD128",
        "First loss is too high, training starts with a loss far above ln 10": "TR111 TR133 TR147 GD158 TR131 GD103 GD117 GD134",
    },
    "The loss that is printed looks wrong": {
        "Loss is huge, 20 or 600, and depends on the number of batches": "TR163 TR162 TR182 GD101 GD125 GD104",
        "Loss is tiny, .0001, from the first epoch": "TR161 TR162 TR186 GD144 GD138 TR183 TR172",
        "Loss is a vector or an array, not one number": "GD116 RG102 RG103 RG122 RG123 TR167 TR143",
        "Loss changes with the batch size or the learning rate": "TR192 TR183 TR163 GD144 RG104 TR162 GD138",
        "Curve is empty, or starts too low, or has too many points": "TR200 TR201 TR223 TR161",
    },
    "The accuracy is impossible": {
        "Accuracy above 100 %, more right answers than records": "TR198 TR191 TR195 TR182 GD124",
        "Accuracy is 31.9 or another number far above 1": "TR191 TR220 TR195",
        "Accuracy 0.97% for a good network": "TR190",
        "Accuracy is 100 %, too good to be true": "TR117 TR164 TR104 TR105 TR103 TR127",
        "Accuracy is 0, or the same number each time": "TR172 TR194 TR184 TR197 TR195 TR193",
        "Accuracy is near chance, though the loss falls": "TR197 GD134 TR128 TR114 TR146 TR106",
        "Accuracy is a little too low or off by a constant factor": "TR183 TR195 TR109 TR192 TR182 TR113",
        "Accuracy wavers, moves in large steps": "TR193 TR181 TR130 TR225 TR107",
        "mean() could not infer output dtype": "TR196",
    },
    "Validation and test": {
        "Validation better than training, validation loss below training loss": "TR103 TR107 TR105 TR101 TR160 TR123",
        "Validation accuracy too low, changes each time for the same network": "TR181 TR130 TR107 TR126 TR137",
        "Validation much worse than training, looks like overfitting": "TR112 TR165 RG121 TR106 TR102",
        "Test accuracy too good, the test set leaks into training": "TR104 TR101 TR164 TR105 TR160 RG127 TR103",
        "Second experiment starts with a low loss, the model is already trained": "TR160 TR127 TR170",
        "Early stopping stops too early, or the best model is not the best": "TR168 TR169 TR224 TR204 TR205",
        "Saved model predicts nonsense after loading": "TR204 TR205 TR169 TR112",
        "Dropout or batch norm has no effect": "TR165 TR122 TR130 TR181",
        "Augmentation makes it worse, images look wrong": "TR108 TR110 TR115 TR113 TR107",
    },
    "Errors, warnings, memory": {
        "shapes not aligned, operands could not be broadcast together, mat1 and mat2 shapes cannot be multiplied": "GD127 GD109 "
        "GD133 GD148 GD151 GD162 GD132 TR134 TR115 GD145 GD136",
        "Target 10 is out of bounds": "TR116 TR131",
        "element 0 of tensors does not require grad": "TR152 TR179 RG113",
        "Trying to backward through the graph a second time": "RG118 RG119 TR167",
        "NoneType object cannot be unpacked, the function returns None": "TR203 TR151 TR153",
        "object has no attribute backward, Boolean value of Tensor is ambiguous": "TR143",
        "img should be Tensor Image": "TR110",
        "NameError, UnboundLocalError, name is not defined": "GD106 TR194",
        "RuntimeWarning: overflow encountered in exp": "GD108 GD161",
        "Using a target size that is different to the input size": "TR146 TR117 TR198",
        "Memory grows with every step, out of memory": "TR167 TR180",
        "The kernel dies or the program ends without an error": "GD149",
        "The gradient check fails": "GD113 GD122 GD125 GD165 GD155 GD163 GD131 RG110 RG109 GD147 GD119",
        "Works for one record, fails for a batch": "GD109 GD103 GD117 GD101 GD145 GD147 GD132 GD148 RG102",
        "Works once, is wrong when it is called again": "GD102 GD137 GD141 GD153 RG119 GD105",
    },
    "Regularization does nothing, or too much": {
        "Regularization has no effect, the curves with and without are the same": "RG105 RG106 RG113 RG107 RG118 RG115 RG104",
        "Penalty is zero or constant": "RG106 RG118 RG115",
        "The penalty is too strong, all weights go to zero": "RG116 TR150 RG117 RG115 RG126",
        "Weights grow although there is a penalty": "RG112 RG111 RG105",
        "L2 penalty is not what PyTorch gives, weight_decay does not match": "RG101 RG109 RG110 RG107 RG108 RG114 RG123 RG117",
        "L1 gives no zeros, no sparse weights": "RG124 RG125 RG126 RG111",
        "Another lambda is best each time": "RG127 RG128 RG129 RG130",
    },
    "Nothing looks wrong": {
        "Loss falls as it should, but the answer is rejected": "GD119 GD122 GD155 GD156 GD152 GD110 GD151 GD113 GD163 GD166 "
        "GD120 GD154 GD143 GD138 GD133 GD132 GD140 GD144 TR221 TR170 TR223 GD102 GD135",
        "Training looks normal, no error, still wrong": "TR101 TR122 TR124 TR126 TR148 TR149 TR192 TR109 TR183 RG108 RG114 RG104 "
        "RG101 TR180 TR184 TR170 TR225 TR226 TR220",
    },
    "Comparing runs": {
        "Confusion matrix looks wrong": "TR230 TR231 TR232 TR171",
        "Confidence interval too narrow or too wide": "TR233 TR234 TR235 TR190",
        "Is the difference between two networks luck": "TR236 TR237 TR238 TR239 TR240",
        "An epoch is over in no time": "TR171 GD164 TR177",
    },
}  # fmt: skip

WHERE = {
    "The forward pass": "GD107 GD109 GD111 GD115 GD123 GD129 GD130 GD141 GD151 GD157 GD158 GD160 GD161 GD162 GD166",
    "The backward pass": "GD113 GD114 GD118 GD119 GD122 GD127 GD128 GD131 GD132 GD133 GD135 GD137 GD142 GD143 GD148 GD155 GD156 "
    "GD163 GD165",
    "The step and the loop over the records": "GD104 GD105 GD110 GD120 GD121 GD124 GD126 GD136 GD138 GD140 GD144 GD146 GD150 GD152 "
    "GD153 GD154 GD164",
    "Softmax and cross-entropy": "GD101 GD103 GD108 GD112 GD116 GD117 GD125 GD134 GD145 GD147 GD159",
    "Any function": "GD102 GD106 GD149 TR170 TR172 TR203 TR221",
    "The penalty's value": "RG101 RG102 RG103 RG104 RG107 RG108 RG109 RG111 RG114 RG115 RG122 RG123",
    "The penalty in the step": "RG105 RG106 RG110 RG112 RG113 RG116 RG117 RG118 RG119 RG120 RG121 RG124 RG125 RG126",
    "Choosing λ": "RG127 RG128 RG129 RG130",
    "Data, transforms, loaders": "TR101 TR102 TR103 TR104 TR105 TR106 TR107 TR108 TR109 TR110 TR111 TR112 TR113 TR114 TR115 TR116 "
    "TR117 TR225",
    "The network": "TR121 TR122 TR123 TR124 TR125 TR127 TR128 TR129 TR130 TR131 TR133 TR134 TR135 TR136 TR137",
    "Criterion and optimizer": "TR120 TR126 TR140 TR141 TR142 TR143 TR144 TR145 TR146 TR147 TR148 TR149 TR150 TR151 TR154 TR155 TR226",
    "The training loop": "TR152 TR153 TR160 TR165 TR167 TR168 TR169 TR171 TR174 TR175 TR176 TR177 TR178 TR179 TR187 TR222 TR223 "
    "TR224 TR204 TR205",
    "The evaluation": "TR164 TR180 TR181 TR184",
    "The numbers that are reported": "TR161 TR162 TR163 TR166 TR182 TR183 TR186 TR190 TR191 TR192 TR193 TR194 TR195 TR196 TR197 TR198 "
    "TR200 TR201 TR220",
    "Comparing runs": "TR230 TR231 TR232 TR233 TR234 TR235 TR236 TR237 TR238 TR239 TR240",
}  # fmt: skip


def symptoms_of(code: str) -> list[str]:
    """Return what people say of a mistake: the lines under which it stands."""
    return [said for group in SYMPTOMS.values() for said, codes in group.items() if code in codes.split()]


def place_of(code: str) -> str:
    """Return where in the code a mistake sits."""
    return next(place for place, codes in WHERE.items() if code in codes.split())
