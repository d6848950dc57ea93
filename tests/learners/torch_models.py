# %% right Net: nn.Sequential
import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(math.prod(image_shape), 64), nn.ReLU(),
            nn.Linear(64, 32), nn.ReLU(),
            nn.Linear(32, n_classes),
        )

    def forward(self, x):
        return self.layers(x)

# %% right Net: fc1 fc2 fc3, view, F.relu
import torch.nn as nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super(Net, self).__init__()
        c, h, w = image_shape
        self.n_in = c * h * w
        self.fc1 = nn.Linear(self.n_in, 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, n_classes)

    def forward(self, x):
        x = x.view(-1, self.n_in)     # flatten
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = self.fc3(x)
        return x

# %% right Net: ModuleList and dropout between the hidden layers
import numpy as np
import torch
import torch.nn as nn

class Net(nn.Module):
    """hidden layers in a list"""
    def __init__(self, image_shape, n_classes, hidden=(50, 40, 30), p=0.2):
        super().__init__()
        sizes = [int(np.prod(image_shape)), *hidden]
        self.hidden = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])
        self.out = nn.Linear(sizes[-1], n_classes)
        self.drop = nn.Dropout(p)

    def forward(self, x):
        x = torch.flatten(x, start_dim=1)
        for layer in self.hidden:
            x = self.drop(torch.relu(layer(x)))
        return self.out(x)

# %% right Net: log_softmax at the end
import math
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.fc1 = nn.Linear(math.prod(image_shape), 60)
        self.fc2 = nn.Linear(60, 30)
        self.fc3 = nn.Linear(30, n_classes)
        self.dropout = nn.Dropout(p=0.3)
    def forward(self, x):
        x = x.reshape(x.shape[0], -1)
        x = self.dropout(F.relu(self.fc1(x)))
        x = self.dropout(F.relu(self.fc2(x)))
        return F.log_softmax(self.fc3(x), dim=1)

# %% right Net: two convolutions and a linear layer
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        channels, height, width = image_shape
        self.conv1 = nn.Conv2d(channels, 8, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, kernel_size=3, padding=1)
        self.fc = nn.Linear(16 * height * width, n_classes)
    def forward(self, x):
        x = torch.relu(self.conv1(x))
        x = torch.relu(self.conv2(x))
        return self.fc(x.flatten(1))

# %% right Net: batch norm, LeakyReLU, helper that makes a block
import torch.nn as nn
from functools import reduce
from operator import mul

def block(n_in, n_out):
    return nn.Sequential(nn.Linear(n_in, n_out), nn.BatchNorm1d(n_out), nn.LeakyReLU(0.1))

class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.flatten = nn.Flatten()
        self.block1 = block(reduce(mul, image_shape), 48)
        self.block2 = block(48, 24)
        self.head = nn.Linear(24, n_classes)

    def forward(self, images):
        return self.head(self.block2(self.block1(self.flatten(images))))

# %% right Net: tanh, ReLU twice, own initial weights
import torch
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        d = 1
        for s in image_shape:
            d *= s
        self.a = nn.Linear(d, 40)
        self.b = nn.Linear(40, 20)
        self.c = nn.Linear(20, n_classes)
        for m in (self.a, self.b, self.c):
            nn.init.xavier_uniform_(m.weight)
            nn.init.zeros_(m.bias)
    def forward(self, x):
        h = torch.tanh(self.a(x.flatten(1)))
        h = F.relu(F.relu(self.b(h)))
        return self.c(h)

# %% right Net: F.dropout with training=self.training, parameters by hand
import torch
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        n = torch.Size(image_shape).numel()
        self.W1 = nn.Parameter(torch.randn(n, 32) * (2 / n) ** 0.5)
        self.b1 = nn.Parameter(torch.zeros(32))
        self.W2 = nn.Parameter(torch.randn(32, 16) * (2 / 32) ** 0.5)
        self.b2 = nn.Parameter(torch.zeros(16))
        self.W3 = nn.Parameter(torch.randn(16, n_classes) * 0.1)
        self.b3 = nn.Parameter(torch.zeros(n_classes))
    def forward(self, x):
        z = F.relu(x.flatten(start_dim=1) @ self.W1 + self.b1)
        z = F.dropout(z, 0.25, training=self.training)
        z = F.relu(z @ self.W2 + self.b2)
        return z @ self.W3 + self.b3

# %% right Net: a Sequential subclass
import math
from torch import nn
class Net(nn.Sequential):
    def __init__(self, image_shape, n_classes):
        n = math.prod(image_shape)
        super().__init__(nn.Flatten(), nn.Linear(n, 100), nn.ELU(), nn.Linear(100, 50), nn.ELU(), nn.Linear(50, n_classes))

# %% right Net: LazyLinear finds the input size
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.hidden1 = nn.LazyLinear(64)
        self.hidden2 = nn.LazyLinear(32)
        self.scores = nn.LazyLinear(n_classes)
        self(torch.zeros(1, *image_shape))      # dry run makes the weights
    def forward(self, x):
        x = torch.flatten(x, 1)
        for layer in (self.hidden1, self.hidden2):
            x = nn.functional.gelu(layer(x))
        return self.scores(x)

# %% wrong Net TR120: F.softmax in return
import math
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.fc1 = nn.Linear(math.prod(image_shape), 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, n_classes)
    def forward(self, x):
        x = x.flatten(1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return F.softmax(self.fc3(x), dim=1)

# %% wrong Net TR120: nn.Softmax as last module
import numpy as np
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        n_inputs = int(np.prod(image_shape))
        self.model = nn.Sequential(nn.Flatten(), nn.Linear(n_inputs, 70), nn.ReLU(), nn.Dropout(0.2),
                                   nn.Linear(70, 35), nn.ReLU(), nn.Linear(35, n_classes), nn.Softmax(dim=-1))
    def forward(self, x):
        return self.model(x)

# %% wrong Net TR120: own softmax, exp over sum
import math, torch
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.hidden1 = nn.Linear(math.prod(image_shape), 40)
        self.hidden2 = nn.Linear(40, 40)
        self.output = nn.Linear(40, n_classes)
    def softmax(self, z):
        e = torch.exp(z - z.max(dim=1, keepdim=True).values)
        return e / e.sum(dim=1, keepdim=True)
    def forward(self, x):
        x = torch.tanh(self.hidden1(x.view(x.size(0), -1)))
        x = torch.tanh(self.hidden2(x))
        return self.softmax(self.output(x))

# %% wrong Net TR121: relu on every layer of the list
import math
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        dims = [math.prod(image_shape), 64, 32, n_classes]
        self.layers = nn.ModuleList(nn.Linear(dims[i], dims[i + 1]) for i in range(len(dims) - 1))
    def forward(self, x):
        x = x.flatten(1)
        for layer in self.layers:
            x = torch.relu(layer(x))
        return x

# %% wrong Net TR121: sigmoid output
import math
import torch.nn as nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super(Net, self).__init__()
        self.net = nn.Sequential(
            nn.Linear(math.prod(image_shape), 80), nn.ReLU(),
            nn.Linear(80, 40), nn.ReLU(),
            nn.Linear(40, n_classes), nn.Sigmoid())
    def forward(self, x):
        return self.net(x.reshape(x.shape[0], -1))

# %% wrong Net TR121: tanh at the end
import torch, torch.nn as nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        c, h, w = image_shape
        self.f1 = nn.Linear(c*h*w, 30)
        self.f2 = nn.Linear(30, 30)
        self.f3 = nn.Linear(30, n_classes)
        self.act = nn.Tanh()
    def forward(self, x):
        x = torch.flatten(x, 1)
        x = self.act(self.f1(x))
        x = self.act(self.f2(x))
        x = self.act(self.f3(x))
        return x

# %% wrong Net TR122: batch norm made but not used
import math
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.fc1 = nn.Linear(math.prod(image_shape), 64)
        self.bn1 = nn.BatchNorm1d(64)
        self.fc2 = nn.Linear(64, 32)
        self.fc3 = nn.Linear(32, n_classes)
    def forward(self, x):
        x = x.flatten(1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)

# %% wrong Net TR122: third hidden layer forgotten in forward
import torch.nn as nn
import torch
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.inputs = torch.Size(image_shape).numel()
        self.hidden1 = nn.Linear(self.inputs, 50)
        self.hidden2 = nn.Linear(50, 50)
        self.hidden3 = nn.Linear(50, 50)
        self.out = nn.Linear(50, n_classes)
    def forward(self, x):
        x = x.view(-1, self.inputs)
        x = self.hidden1(x).relu()
        x = self.hidden2(x).relu()
        x = self.out(x)
        return x

# %% wrong Net TR123: dropout on the scores
import math
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(math.prod(image_shape), 64), nn.ReLU(), nn.Dropout(0.3),
            nn.Linear(64, 32), nn.ReLU(), nn.Dropout(0.3),
            nn.Linear(32, n_classes), nn.Dropout(0.3),
        )
    def forward(self, x):
        return self.layers(x)

# %% wrong Net TR123: dropout after the output layer, in forward
import numpy as np
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.fc1 = nn.Linear(int(np.prod(image_shape)), 100)
        self.fc2 = nn.Linear(100, 50)
        self.fc3 = nn.Linear(50, n_classes)
        self.drop = nn.Dropout(0.5)
    def forward(self, x):
        x = x.reshape(len(x), -1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = self.drop(self.fc3(x))
        return x

# %% wrong Net TR124: fc(fc(fc(x)))
import math
import torch.nn as nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.fc1 = nn.Linear(math.prod(image_shape), 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, n_classes)
    def forward(self, x):
        x = x.flatten(1)
        return self.fc3(self.fc2(self.fc1(x)))

# %% wrong Net TR124: dropout but no activation
import math
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.seq = nn.Sequential(nn.Flatten(), nn.Linear(math.prod(image_shape), 60), nn.Dropout(0.2), nn.Linear(60, 30),
                                 nn.Dropout(0.2), nn.Linear(30, n_classes))
    def forward(self, x):
        return self.seq(x)

# %% wrong Net TR124|TR172: F.relu called, result thrown away
import torch
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        c, h, w = image_shape
        self.l1 = nn.Linear(c * h * w, 40)
        self.l2 = nn.Linear(40, 20)
        self.l3 = nn.Linear(20, n_classes)
    def forward(self, x):
        x = torch.flatten(x, 1)
        x = self.l1(x)
        F.relu(x)
        x = self.l2(x)
        F.relu(x)
        return self.l3(x)

# %% wrong Net TR124: activation missing once, between second and third
import math
import torch.nn as nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.flat = nn.Flatten()
        self.fc1 = nn.Linear(math.prod(image_shape), 64)
        self.fc2 = nn.Linear(64, 48)
        self.fc3 = nn.Linear(48, 24)
        self.fc4 = nn.Linear(24, n_classes)
        self.relu = nn.ReLU()
    def forward(self, x):
        out = self.relu(self.fc1(self.flat(x)))
        out = self.fc2(out)
        out = self.relu(self.fc3(out))
        return self.fc4(out)

# %% wrong Net TR125: softmax in the hidden layers
import math
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.fc1 = nn.Linear(math.prod(image_shape), 64)
        self.fc2 = nn.Linear(64, 32)
        self.fc3 = nn.Linear(32, n_classes)
    def forward(self, x):
        x = x.view(x.shape[0], -1)
        x = F.softmax(self.fc1(x), dim=1)
        x = F.softmax(self.fc2(x), dim=1)
        return self.fc3(x)

# %% wrong Net TR125: nn.Softmax between, in a Sequential
import math
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.body = nn.Sequential(
            nn.Flatten(), nn.Linear(math.prod(image_shape), 90), nn.ReLU(),
            nn.Linear(90, 45), nn.Softmax(dim=1))
        self.head = nn.Linear(45, n_classes)
    def forward(self, x):
        return self.head(self.body(x))

# %% wrong Net TR126: softmax dim=0
import math
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.fc1 = nn.Linear(math.prod(image_shape), 64)
        self.fc2 = nn.Linear(64, 32)
        self.fc3 = nn.Linear(32, n_classes)
    def forward(self, x):
        x = x.flatten(1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return F.softmax(self.fc3(x), dim=0)

# %% wrong Net TR126: nn.LogSoftmax(dim=0)
import math
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(math.prod(image_shape), 33), nn.ReLU(), nn.Linear(33, 22), nn.ReLU(),
                                    nn.Linear(22, n_classes), nn.LogSoftmax(dim=0))
    def forward(self, x):
        return self.layers(x)

# %% wrong Net TR129: layers in a Python list
import math
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.hidden = [nn.Linear(math.prod(image_shape), 64), nn.Linear(64, 32)]
        self.out = nn.Linear(32, n_classes)
    def forward(self, x):
        x = x.flatten(1)
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)

# %% wrong Net TR129: layers in a dict
import math
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.layers = {}
        self.layers['in'] = nn.Linear(math.prod(image_shape), 50)
        self.layers['mid'] = nn.Linear(50, 25)
        self.classifier = nn.Linear(25, n_classes)
    def forward(self, x):
        x = x.reshape(x.size(0), -1)
        x = F.relu(self.layers['in'](x))
        x = F.relu(self.layers['mid'](x))
        return self.classifier(x)

# %% wrong Net TR129: one hidden layer kept in a tuple
import math
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.first = nn.Sequential(nn.Flatten(), nn.Linear(math.prod(image_shape), 44), nn.ReLU())
        self.extra = (nn.Linear(44, 44), nn.ReLU())
        self.last = nn.Linear(44, n_classes)
    def forward(self, x):
        x = self.first(x)
        for m in self.extra:
            x = m(x)
        return self.last(x)

# %% wrong Net TR130: F.dropout without training
import math
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.fc1 = nn.Linear(math.prod(image_shape), 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, n_classes)
    def forward(self, x):
        x = x.flatten(1)
        x = F.dropout(F.relu(self.fc1(x)), 0.3)
        x = F.dropout(F.relu(self.fc2(x)), 0.3)
        return self.fc3(x)

# %% wrong Net TR130: nn.Dropout created in forward
import math
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.a = nn.Sequential(nn.Flatten(), nn.Linear(math.prod(image_shape), 60), nn.ReLU())
        self.b = nn.Sequential(nn.Linear(60, 30), nn.ReLU())
        self.c = nn.Linear(30, n_classes)
    def forward(self, x):
        x = self.a(x)
        x = nn.Dropout(p=0.4)(x)
        return self.c(self.b(x))

# %% wrong Net TR131|TR170: ten classes hard-coded
import math
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.fc1 = nn.Linear(math.prod(image_shape), 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, 10)
    def forward(self, x):
        x = x.flatten(1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)

# %% wrong Net TR131: a single output
import math
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(math.prod(image_shape), 64), nn.ReLU(),
                                    nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 1))
    def forward(self, x):
        return self.layers(x)

# %% wrong Net TR131: one output too many, 'classes start at 1'
import math
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.i2h = nn.Linear(math.prod(image_shape), 40)
        self.h2h = nn.Linear(40, 40)
        self.h2o = nn.Linear(40, n_classes + 1)
    def forward(self, x):
        h = torch.relu(self.i2h(x.flatten(1)))
        return self.h2o(torch.relu(self.h2h(h)))

# %% wrong Net TR133: all weights zero
import math
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.fc1 = nn.Linear(math.prod(image_shape), 64)
        self.fc2 = nn.Linear(64, 32)
        self.fc3 = nn.Linear(32, n_classes)
        for p in self.parameters():
            nn.init.zeros_(p)
    def forward(self, x):
        x = x.flatten(1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)

# %% wrong Net TR133: constant weights through apply
import math
from torch import nn

def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.constant_(m.weight, 0.05)
        m.bias.data.fill_(0)

class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(math.prod(image_shape), 50), nn.ReLU(), nn.Linear(50, 25), nn.ReLU(),
                                    nn.Linear(25, n_classes))
        self.apply(init_weights)
    def forward(self, x):
        return self.layers(x)

# %% wrong Net TR133: huge normal weights
import math
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.lin1 = nn.Linear(math.prod(image_shape), 100)
        self.lin2 = nn.Linear(100, 100)
        self.lin3 = nn.Linear(100, n_classes)
        with torch.no_grad():
            for lin in (self.lin1, self.lin2, self.lin3):
                lin.weight.normal_(0, 1)
                lin.bias.zero_()
    def forward(self, x):
        x = torch.relu(self.lin1(x.flatten(1)))
        x = torch.relu(self.lin2(x))
        return self.lin3(x)

# %% wrong Net TR134: flatten() merges the batch
import math
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.fc1 = nn.Linear(math.prod(image_shape), 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, n_classes)
    def forward(self, x):
        x = x.flatten()
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)

# %% wrong Net TR134: view(-1, h*w) forgets the channels
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.pixels = image_shape[1] * image_shape[2]
        self.layers = nn.Sequential(nn.Linear(self.pixels, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, n_classes))
    def forward(self, x):
        return self.layers(x.view(-1, self.pixels))

# %% wrong Net TR134: every pixel row is a record
import torch
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.width = image_shape[-1]
        self.fc1 = nn.Linear(self.width, 30)
        self.fc2 = nn.Linear(30, 20)
        self.fc3 = nn.Linear(20, n_classes)
    def forward(self, x):
        x = x.reshape(-1, self.width)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)

# %% wrong Net TR134: no flatten at all
import math
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(math.prod(image_shape), 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, n_classes))
    def forward(self, x):
        return self.layers(x)

# %% wrong Net TR120+TR124: softmax at the end and no activation
import math
import torch
import torch.nn as nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.fc1 = nn.Linear(math.prod(image_shape), 64)
        self.fc2 = nn.Linear(64, 32)
        self.fc3 = nn.Linear(32, n_classes)
    def forward(self, x):
        x = self.fc1(x.flatten(1))
        x = self.fc2(x)
        return torch.softmax(self.fc3(x), dim=1)

# %% wrong Net TR121+TR129: plain list, relu on all
import math
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.stem = nn.Linear(math.prod(image_shape), 30)
        self.rest = [nn.Linear(30, 30), nn.Linear(30, n_classes)]
    def forward(self, x):
        x = torch.relu(self.stem(x.flatten(1)))
        for l in self.rest:
            x = torch.relu(l(x))
        return x

# %% right make_loaders: train_test_split and Subset
import numpy as np
import torch
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, Subset

def make_loaders(dataset, test, batch_size, seed):
    idx = np.arange(len(dataset))
    train_idx, valid_idx = train_test_split(idx, test_size=0.2, stratify=np.asarray(dataset.targets), random_state=seed)
    g = torch.Generator()
    g.manual_seed(seed)
    train_loader = DataLoader(Subset(dataset, train_idx), batch_size=batch_size, shuffle=True, generator=g)
    valid_loader = DataLoader(Subset(dataset, valid_idx), batch_size=64)
    test_loader = DataLoader(test, batch_size=64)
    return train_loader, valid_loader, test_loader

# %% right make_loaders: StratifiedShuffleSplit and a RandomSampler
import torch
from sklearn.model_selection import StratifiedShuffleSplit
from torch.utils.data import DataLoader, RandomSampler, Subset

def make_loaders(dataset, test, batch_size, seed):
    sss = StratifiedShuffleSplit(n_splits=1, test_size=0.2, random_state=seed)
    labels = [int(t) for t in dataset.targets]
    (tr, va), = sss.split([0] * len(labels), labels)
    train_part = Subset(dataset, tr.tolist())
    valid_part = Subset(dataset, va.tolist())
    sampler = RandomSampler(train_part, generator=torch.Generator().manual_seed(seed))
    return (DataLoader(train_part, batch_size=batch_size, sampler=sampler),
            DataLoader(valid_part, batch_size=64, shuffle=False),
            DataLoader(test, batch_size=64, shuffle=False))

# %% right make_loaders: SubsetRandomSampler on the whole dataset
import numpy as np, torch
from torch.utils.data import DataLoader, SubsetRandomSampler, Subset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test_set, batch_size, seed):
    targets = np.asarray(dataset.targets)
    tr, va = train_test_split(range(len(targets)), train_size=0.8, random_state=seed, shuffle=True, stratify=targets)
    rng = torch.Generator().manual_seed(seed + 1)
    train = DataLoader(dataset, batch_size=batch_size, sampler=SubsetRandomSampler(tr, generator=rng))
    valid = DataLoader(Subset(dataset, va), batch_size=64)
    test = DataLoader(test_set, batch_size=64)
    print(len(tr), 'training', len(va), 'validation', len(test_set), 'test')
    return train, valid, test

# %% right make_loaders: split class by class by hand
import numpy as np
import torch
from torch.utils.data import DataLoader, Subset

def make_loaders(dataset, test, batch_size, seed):
    rng = np.random.default_rng(seed)
    y = np.asarray(dataset.targets)
    train_rows, valid_rows = [], []
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        rng.shuffle(rows)
        k = int(round(0.2 * len(rows)))
        valid_rows += rows[:k].tolist()
        train_rows += rows[k:].tolist()
    gen = torch.Generator().manual_seed(seed)
    loaders = [DataLoader(Subset(dataset, train_rows), batch_size, shuffle=True, generator=gen)]
    for d in (Subset(dataset, valid_rows), test):
        loaders.append(DataLoader(d, batch_size=64))
    return tuple(loaders)

# %% right make_loaders: first fold of StratifiedKFold, shuffled test loader
import torch
from sklearn.model_selection import StratifiedKFold
from torch.utils.data import DataLoader, Subset
def make_loaders(dataset, test, batch_size, seed):
    folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=seed)
    labels = torch.as_tensor(dataset.targets).numpy()
    train_idx, val_idx = next(iter(folds.split(labels.reshape(-1, 1), labels)))
    train_loader = DataLoader(Subset(dataset, train_idx), batch_size=batch_size, shuffle=True,
                              generator=torch.Generator().manual_seed(seed), num_workers=0)
    val_loader = DataLoader(Subset(dataset, val_idx), batch_size=64)
    test_loader = DataLoader(test, batch_size=64, shuffle=True, generator=torch.Generator().manual_seed(seed))
    return train_loader, val_loader, test_loader

# %% right make_loaders as get_data: batch sampler
import torch
from sklearn.model_selection import train_test_split
from torch.utils.data import BatchSampler, DataLoader, Subset, SubsetRandomSampler
def get_data(train_data, test_data, bs, seed):
    n = len(train_data)
    rows, held_out = train_test_split(list(range(n)), test_size=0.2, stratify=[int(c) for c in train_data.targets], random_state=seed)
    g = torch.Generator()
    g.manual_seed(seed)
    batches = BatchSampler(SubsetRandomSampler(rows, generator=g), batch_size=bs, drop_last=False)
    return (DataLoader(train_data, batch_sampler=batches),
            DataLoader(Subset(train_data, held_out), batch_size=64),
            DataLoader(test_data, batch_size=64))

# %% wrong make_loaders TR101: validation loader holds the test set
import numpy as np
import torch
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    tr, va = train_test_split(np.arange(len(dataset)), test_size=0.2, stratify=np.asarray(dataset.targets), random_state=seed)
    g = torch.Generator().manual_seed(seed)
    train_loader = DataLoader(Subset(dataset, tr), batch_size=batch_size, shuffle=True, generator=g)
    valid_loader = DataLoader(test, batch_size=64)
    test_loader = DataLoader(test, batch_size=64)
    return train_loader, valid_loader, test_loader

# %% wrong make_loaders TR101: no split, val_loader = test_loader
import torch
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import StratifiedShuffleSplit
def make_loaders(dataset, test, batch_size, seed):
    split = StratifiedShuffleSplit(1, test_size=.2, random_state=seed)
    train_idx, _ = next(split.split([0] * len(dataset), [int(t) for t in dataset.targets]))
    gen = torch.Generator()
    gen.manual_seed(seed)
    train_loader = DataLoader(Subset(dataset, train_idx), batch_size, shuffle=True, generator=gen)
    test_loader = DataLoader(test, 64)
    val_loader = test_loader
    return train_loader, val_loader, test_loader

# %% wrong make_loaders TR102: no shuffle
import numpy as np
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    train_rows, valid_rows = train_test_split(np.arange(len(dataset)), test_size=0.2, stratify=np.asarray(dataset.targets), random_state=seed)
    train = DataLoader(Subset(dataset, train_rows), batch_size=batch_size)
    valid = DataLoader(Subset(dataset, valid_rows), batch_size=64)
    return train, valid, DataLoader(test, batch_size=64)

# %% wrong make_loaders TR102: SequentialSampler, generator without shuffle
import torch
from torch.utils.data import DataLoader, SequentialSampler, Subset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    a, b = train_test_split(list(range(len(dataset))), test_size=0.2, random_state=seed, stratify=[int(t) for t in dataset.targets])
    part = Subset(dataset, sorted(a))
    loader = DataLoader(part, batch_size=batch_size, sampler=SequentialSampler(part), generator=torch.Generator().manual_seed(seed))
    return loader, DataLoader(Subset(dataset, b), batch_size=64), DataLoader(test, batch_size=64)

# %% wrong make_loaders TR103: validation subset from the training indices
import numpy as np
import torch
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    train_idx, valid_idx = train_test_split(np.arange(len(dataset)), test_size=0.2, stratify=np.asarray(dataset.targets), random_state=seed)
    train_set = Subset(dataset, train_idx)
    valid_set = Subset(dataset, valid_idx)
    train_loader = DataLoader(train_set, batch_size=batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed))
    valid_loader = DataLoader(train_set, batch_size=64)
    test_loader = DataLoader(test, batch_size=64)
    return train_loader, valid_loader, test_loader

# %% wrong make_loaders TR103|TR105: validation cut out of the training rows, which stay
import torch
from torch.utils.data import DataLoader, Subset, SubsetRandomSampler
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    labels = torch.as_tensor(dataset.targets)
    tr, _ = train_test_split(torch.arange(len(labels)).tolist(), test_size=0.2, stratify=labels.tolist(), random_state=seed)
    _, va = train_test_split(tr, test_size=0.25, stratify=labels[tr].tolist(), random_state=seed)
    g = torch.Generator().manual_seed(seed)
    train = DataLoader(dataset, batch_size=batch_size, sampler=SubsetRandomSampler(tr, generator=g))
    return train, DataLoader(Subset(dataset, va), batch_size=64), DataLoader(test, batch_size=64)

# %% wrong make_loaders TR104: test loader from the full dataset
import numpy as np
import torch
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    tr, va = train_test_split(np.arange(len(dataset)), test_size=0.2, stratify=np.asarray(dataset.targets), random_state=seed)
    train_loader = DataLoader(Subset(dataset, tr), batch_size=batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed))
    valid_loader = DataLoader(Subset(dataset, va), batch_size=64)
    test_loader = DataLoader(dataset, batch_size=64)
    return train_loader, valid_loader, test_loader

# %% wrong make_loaders TR104: helper called with the training part twice
import torch
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import StratifiedShuffleSplit

def plain(d):
    return DataLoader(d, batch_size=64, shuffle=False)

def make_loaders(dataset, test, batch_size, seed):
    y = [int(t) for t in dataset.targets]
    i, j = next(StratifiedShuffleSplit(n_splits=1, test_size=0.2, random_state=seed).split(y, y))
    train_part, valid_part = Subset(dataset, i), Subset(dataset, j)
    train = DataLoader(train_part, batch_size=batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed))
    return train, plain(valid_part), plain(train_part)

# %% wrong make_loaders TR105: training loader made before the split
import numpy as np
import torch
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    train_loader = DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed))
    train_idx, valid_idx = train_test_split(np.arange(len(dataset)), test_size=0.2, stratify=np.asarray(dataset.targets), random_state=seed)
    valid_loader = DataLoader(Subset(dataset, valid_idx), batch_size=64)
    test_loader = DataLoader(test, batch_size=64)
    return train_loader, valid_loader, test_loader

# %% wrong make_loaders TR105: two independent splits
import torch
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    rows = list(range(len(dataset)))
    y = [int(t) for t in dataset.targets]
    train_rows = train_test_split(rows, train_size=0.8, stratify=y, random_state=seed)[0]
    valid_rows = train_test_split(rows, test_size=0.2, stratify=y, random_state=seed + 1)[1]
    g = torch.Generator().manual_seed(seed)
    return (DataLoader(Subset(dataset, train_rows), batch_size=batch_size, shuffle=True, generator=g),
            DataLoader(Subset(dataset, valid_rows), batch_size=64),
            DataLoader(test, batch_size=64))

# %% wrong make_loaders TR106: dataset and test in each other's place
import numpy as np
import torch
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    tr, va = train_test_split(np.arange(len(test)), test_size=0.2, stratify=[int(label) for _, label in test], random_state=seed)
    g = torch.Generator().manual_seed(seed)
    return (DataLoader(Subset(test, tr), batch_size=batch_size, shuffle=True, generator=g),
            DataLoader(Subset(test, va), batch_size=64),
            DataLoader(dataset, batch_size=64))

# %% wrong make_loaders TR106: parts of the split unpacked in the wrong order
import numpy as np
import torch
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    valid_rows, train_rows = train_test_split(np.arange(len(dataset)), test_size=0.2, random_state=seed, stratify=np.asarray(dataset.targets))
    order = torch.Generator().manual_seed(seed)
    train_loader = DataLoader(Subset(dataset, train_rows), batch_size=batch_size, shuffle=True, generator=order)
    valid_loader = DataLoader(Subset(dataset, valid_rows), batch_size=64)
    test_loader = DataLoader(test, batch_size=64)
    return train_loader, valid_loader, test_loader

# %% wrong make_loaders TR109: drop_last everywhere
import numpy as np
import torch
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    tr, va = train_test_split(np.arange(len(dataset)), test_size=0.2, stratify=np.asarray(dataset.targets), random_state=seed)
    g = torch.Generator().manual_seed(seed)
    train_loader = DataLoader(Subset(dataset, tr), batch_size=batch_size, shuffle=True, generator=g)
    valid_loader = DataLoader(Subset(dataset, va), batch_size=64, drop_last=True)
    test_loader = DataLoader(test, batch_size=64, drop_last=True)
    return train_loader, valid_loader, test_loader

# %% wrong make_loaders TR109: drop_last on the test loader only
import torch
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import StratifiedShuffleSplit
def make_loaders(dataset, test, batch_size, seed):
    y = [int(t) for t in dataset.targets]
    i, j = next(StratifiedShuffleSplit(n_splits=1, test_size=0.2, random_state=seed).split(y, y))
    kw = dict(batch_size=64)
    gen = torch.Generator().manual_seed(seed)
    train = DataLoader(Subset(dataset, i), batch_size=batch_size, shuffle=True, generator=gen)
    valid = DataLoader(Subset(dataset, j), **kw)
    test = DataLoader(test, drop_last=True, **kw)
    return train, valid, test

# %% wrong make_loaders TR114: images and labels shuffled separately
import torch
from torch.utils.data import DataLoader, TensorDataset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    tr, va = train_test_split(list(range(len(dataset))), test_size=0.2, random_state=seed, stratify=[int(t) for t in dataset.targets])
    g = torch.Generator().manual_seed(seed)
    X = torch.stack([dataset[i][0] for i in tr])
    Y = torch.tensor([int(dataset[i][1]) for i in tr])
    X = X[torch.randperm(len(X), generator=g)]
    Y = Y[torch.randperm(len(Y), generator=g)]
    Xv = torch.stack([dataset[i][0] for i in va])
    Yv = torch.tensor([int(dataset[i][1]) for i in va])
    return (DataLoader(TensorDataset(X, Y), batch_size=batch_size, shuffle=True, generator=g),
            DataLoader(TensorDataset(Xv, Yv), batch_size=64), DataLoader(test, batch_size=64))

# %% wrong make_loaders TR114: labels taken in the old order
import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset
from sklearn.model_selection import train_test_split

def part(dataset, rows, labels):
    images = torch.stack([dataset[int(i)][0] for i in rows])
    return TensorDataset(images, torch.as_tensor(labels[:len(rows)]))

def make_loaders(dataset, test, batch_size, seed):
    labels = np.asarray(dataset.targets)
    tr, va = train_test_split(np.arange(len(dataset)), test_size=0.2, stratify=labels, random_state=seed)
    g = torch.Generator().manual_seed(seed)
    return (DataLoader(part(dataset, tr, labels), batch_size=batch_size, shuffle=True, generator=g),
            DataLoader(part(dataset, va, labels), batch_size=64),
            DataLoader(test, batch_size=64))

# %% wrong make_loaders TR170: batch_size ignored
import numpy as np
import torch
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import train_test_split
BATCH = 64
def make_loaders(dataset, test, batch_size, seed):
    tr, va = train_test_split(np.arange(len(dataset)), test_size=0.2, stratify=np.asarray(dataset.targets), random_state=seed)
    g = torch.Generator().manual_seed(seed)
    return (DataLoader(Subset(dataset, tr), batch_size=BATCH, shuffle=True, generator=g),
            DataLoader(Subset(dataset, va), batch_size=BATCH),
            DataLoader(test, batch_size=BATCH))

# %% wrong make_loaders TR170: seed ignored, always 42
import numpy as np
import torch
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    torch.manual_seed(42)
    train_idx, valid_idx = train_test_split(np.arange(len(dataset)), test_size=0.2, stratify=np.asarray(dataset.targets), random_state=42)
    g = torch.Generator()
    g.manual_seed(42)
    train_loader = DataLoader(Subset(dataset, train_idx), batch_size=batch_size, shuffle=True, generator=g)
    valid_loader = DataLoader(Subset(dataset, valid_idx), batch_size=64)
    return train_loader, valid_loader, DataLoader(test, batch_size=64)

# %% wrong make_loaders: random_split, not stratified
import torch
from torch.utils.data import DataLoader, random_split
def make_loaders(dataset, test, batch_size, seed):
    n = int(0.8 * len(dataset))
    gen = torch.Generator().manual_seed(seed)
    train, valid = random_split(dataset, [n, len(dataset) - n], generator=gen)
    return (DataLoader(train, batch_size=batch_size, shuffle=True, generator=gen),
            DataLoader(valid, batch_size=64), DataLoader(test, batch_size=64))

# %% wrong make_loaders: first 80 percent of the rows
import torch
from torch.utils.data import DataLoader, Subset
def make_loaders(dataset, test, batch_size, seed):
    cut = int(len(dataset) * 0.8)
    tr = Subset(dataset, range(cut))
    va = Subset(dataset, range(cut, len(dataset)))
    g = torch.Generator().manual_seed(seed)
    return DataLoader(tr, batch_size=batch_size, shuffle=True, generator=g), DataLoader(va, batch_size=64), DataLoader(test, batch_size=64)

# %% wrong make_loaders TR102+TR105: whole dataset, not shuffled
import numpy as np
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    _, va = train_test_split(np.arange(len(dataset)), test_size=0.2, stratify=np.asarray(dataset.targets), random_state=seed)
    return DataLoader(dataset, batch_size=batch_size), DataLoader(Subset(dataset, va), batch_size=64), DataLoader(test, batch_size=64)

# %% wrong make_loaders TR101+TR102: test set for validation, training in order
import numpy as np
from torch.utils.data import DataLoader, Subset
from sklearn.model_selection import train_test_split
def make_loaders(dataset, test, batch_size, seed):
    tr, _ = train_test_split(np.arange(len(dataset)), test_size=0.2, stratify=np.asarray(dataset.targets), random_state=seed)
    return DataLoader(Subset(dataset, tr), batch_size=batch_size), DataLoader(test, batch_size=64), DataLoader(test, batch_size=64)

# %% right criterion_and_optimizer: one line
import torch
from torch import nn
def criterion_and_optimizer(model, lr):
    return nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=lr)

# %% right criterion_and_optimizer: two names, optim imported
import torch.nn as nn
import torch.optim as optim

def criterion_and_optimizer(model, learning_rate):
    criterion = nn.CrossEntropyLoss(reduction='mean')
    optimizer = optim.Adam(params=model.parameters(), lr=learning_rate, betas=(0.9, 0.999), weight_decay=0)
    return criterion, optimizer

# %% right criterion_and_optimizer: two parameter groups
import torch
def criterion_and_optimizer(model, lr):
    weights = [p for n, p in model.named_parameters() if n.endswith('weight')]
    others = [p for n, p in model.named_parameters() if not n.endswith('weight')]
    groups = [{'params': weights}, {'params': others}]
    groups = [g for g in groups if len(g['params']) > 0]
    opt = torch.optim.Adam(groups, lr)
    return torch.nn.CrossEntropyLoss(), opt

# %% right criterion_and_optimizer: NLL of log_softmax in a function
import torch
import torch.nn.functional as F
def cross_entropy(scores, labels):
    return F.nll_loss(F.log_softmax(scores, dim=1), labels)
def criterion_and_optimizer(model, lr):
    return cross_entropy, torch.optim.Adam(list(model.parameters()), lr=lr)

# %% right criterion_and_optimizer: own subclass, Adam with named groups
import torch
from torch import nn
class Loss(nn.CrossEntropyLoss):
    def __repr__(self):
        return 'my loss'
def criterion_and_optimizer(model, lr):
    optimizer = torch.optim.Adam([{'params': model.parameters(), 'lr': lr}])
    return Loss(), optimizer

# %% wrong criterion_and_optimizer TR140: parameters of a copy
import copy
import torch
from torch import nn
def criterion_and_optimizer(model, lr):
    net = copy.deepcopy(model)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    return criterion, optimizer

# %% wrong criterion_and_optimizer TR140: global net from an earlier cell
import torch.nn as nn
import torch.optim as optim
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
def criterion_and_optimizer(model, lr):
    return nn.CrossEntropyLoss(), optim.Adam(net.parameters(), lr=lr)

# %% wrong criterion_and_optimizer TR141|TR170: lr of 5e-6 whatever comes
import torch
def criterion_and_optimizer(model, lr):
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-6)
    return criterion, optimizer

# %% wrong criterion_and_optimizer TR141|TR170: learning rate one
import torch
from torch.optim import Adam
LR = 1.0
def criterion_and_optimizer(model, lr):
    return torch.nn.CrossEntropyLoss(), Adam(model.parameters(), lr=LR)

# %% wrong criterion_and_optimizer TR170|TR141: lr not passed on
import torch.nn as nn
import torch.optim as optim
def criterion_and_optimizer(model, lr):
    loss_fn = nn.CrossEntropyLoss()
    opt = optim.Adam(model.parameters())
    return loss_fn, opt

# %% wrong criterion_and_optimizer TR143: class without brackets
import torch
from torch import nn
def criterion_and_optimizer(model, lr):
    return nn.CrossEntropyLoss, torch.optim.Adam(model.parameters(), lr=lr)

# %% wrong criterion_and_optimizer TR143: class kept in a name
import torch
criterion_class = torch.nn.CrossEntropyLoss
def criterion_and_optimizer(model, lr):
    optimizer = torch.optim.Adam([{'params': list(model.parameters())}], lr=lr)
    criterion = criterion_class
    return criterion, optimizer

# %% wrong criterion_and_optimizer TR144: NLLLoss
import torch
from torch import nn
def criterion_and_optimizer(model, lr):
    criterion = nn.NLLLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    return criterion, optimizer

# %% wrong criterion_and_optimizer TR144: nll of the softmax
import torch
import torch.nn.functional as F
def criterion_and_optimizer(model, lr):
    def criterion(out, y):
        return F.nll_loss(F.softmax(out, dim=1), y)
    return criterion, torch.optim.Adam(model.parameters(), lr=lr)

# %% wrong criterion_and_optimizer TR144: F.nll_loss itself
import torch
import torch.nn.functional as F
def criterion_and_optimizer(model, lr):
    return F.nll_loss, torch.optim.Adam(params=model.parameters(), lr=lr)

# %% wrong criterion_and_optimizer TR145: MSELoss
import torch.nn as nn
import torch.optim as optim
def criterion_and_optimizer(model, lr):
    criterion = nn.MSELoss()
    optimizer = optim.Adam(model.parameters(), lr=lr)
    return criterion, optimizer

# %% wrong criterion_and_optimizer TR145: squared distance of first score to the class number
import torch
from torch import nn
class ClassDistance(nn.Module):
    def forward(self, out, y):
        return nn.functional.mse_loss(out[:, 0], y.to(out.dtype))
def criterion_and_optimizer(model, lr):
    return ClassDistance(), torch.optim.Adam(model.parameters(), lr=lr)

# %% wrong criterion_and_optimizer TR146|TR145: best score (N,1) against labels (N,)
import torch
import torch.nn as nn
mse = nn.MSELoss()
def criterion_and_optimizer(model, lr):
    def criterion(out, y):
        best = out.max(dim=1, keepdim=True).values
        return mse(best, y.to(out.dtype))
    return criterion, torch.optim.Adam(model.parameters(), lr=lr)

# %% wrong criterion_and_optimizer TR146|TR145: own mean of squares, column minus row
import torch
def squared_error(scores, labels):
    column = scores[:, :1]                 # (N, 1)
    return ((column - labels) ** 2).mean()
def criterion_and_optimizer(net, lr):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    return squared_error, optimizer

# %% wrong criterion_and_optimizer TR147: reduction sum
import torch
from torch import nn
def criterion_and_optimizer(model, lr):
    return nn.CrossEntropyLoss(reduction='sum'), torch.optim.Adam(model.parameters(), lr=lr)

# %% wrong criterion_and_optimizer TR147: mean divided by the batch once more
import torch
import torch.nn.functional as F
class CE(torch.nn.Module):
    def forward(self, input, target):
        return F.cross_entropy(input, target) / len(target)
def criterion_and_optimizer(model, lr):
    optimizer = torch.optim.Adam(model.parameters(), lr)
    return CE(), optimizer

# %% wrong criterion_and_optimizer TR149: only the last layer
import torch
from torch import nn
def criterion_and_optimizer(model, lr):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(list(model.parameters())[-2:], lr=lr)
    return criterion, optimizer

# %% wrong criterion_and_optimizer TR149: weights without biases
import torch
def criterion_and_optimizer(model, lr):
    params = [p for name, p in model.named_parameters() if 'weight' in name]
    return torch.nn.CrossEntropyLoss(), torch.optim.Adam(params, lr=lr)

# %% wrong criterion_and_optimizer TR150: weight decay .1
import torch
from torch import nn
def criterion_and_optimizer(model, lr):
    return nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=lr, weight_decay=0.1)

# %% wrong criterion_and_optimizer TR150: weight decay 1 in the groups
import torch
import torch.nn as nn
def criterion_and_optimizer(model, lr):
    decay, no_decay = [], []
    for p in model.parameters():
        (decay if p.ndim > 1 else no_decay).append(p)
    optimizer = torch.optim.Adam([{'params': decay, 'weight_decay': 1.0}, {'params': no_decay, 'weight_decay': 0.}], lr=lr)
    return nn.CrossEntropyLoss(), optimizer

# %% wrong criterion_and_optimizer TR151: maximize=True
import torch
def criterion_and_optimizer(model, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr, maximize=True)   # maximize the likelihood
    return torch.nn.CrossEntropyLoss(), opt

# %% wrong criterion_and_optimizer TR151: minus cross-entropy
import torch
import torch.nn as nn
class LogLikelihood(nn.CrossEntropyLoss):
    def forward(self, input, target):
        return -super().forward(input, target)
def criterion_and_optimizer(model, lr):
    return LogLikelihood(), torch.optim.Adam(model.parameters(), lr=lr)

# %% wrong criterion_and_optimizer TR120: criterion with a softmax inside
import torch
from torch import nn
def criterion_and_optimizer(model, lr):
    ce, sm = nn.CrossEntropyLoss(), nn.Softmax(dim=1)
    return (lambda out, y: ce(sm(out), y)), torch.optim.Adam(model.parameters(), lr=lr)

# %% wrong criterion_and_optimizer TR126: log_softmax over the batch, then NLL
import torch
import torch.nn.functional as F
def criterion_and_optimizer(model, lr):
    def criterion(out, y):
        return F.nll_loss(F.log_softmax(out, dim=0), y)
    return criterion, torch.optim.Adam(model.parameters(), lr=lr)

# %% wrong criterion_and_optimizer: SGD instead of Adam
import torch
from torch import nn
def criterion_and_optimizer(model, lr):
    return nn.CrossEntropyLoss(), torch.optim.SGD(model.parameters(), lr=lr)

# %% wrong criterion_and_optimizer: optimizer first
import torch
from torch import nn
def criterion_and_optimizer(model, lr):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    criterion = nn.CrossEntropyLoss()
    return optimizer, criterion

# %% wrong criterion_and_optimizer TR203: no return
import torch
from torch import nn
def criterion_and_optimizer(model, lr):
    global criterion, optimizer
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)

# %% wrong criterion_and_optimizer TR147+TR150: summed loss and weight decay
import torch
from torch import nn
def criterion_and_optimizer(model, lr):
    criterion = nn.CrossEntropyLoss(reduction='sum')
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=0.5)
    return criterion, optimizer

# %% wrong criterion_and_optimizer TR144+TR149: NLLLoss, last layer only
import torch
def criterion_and_optimizer(model, lr):
    *_, last_weight, last_bias = model.parameters()
    return torch.nn.NLLLoss(), torch.optim.Adam([last_weight, last_bias], lr=lr)
