# expects: TR146
# Linear regression: the price of a flat from its size and its age
import torch

torch.manual_seed(1)
size = torch.rand(256) * 100 + 20
age = torch.rand(256) * 50
price = 3.0 * size - 1.5 * age + torch.randn(256) * 10
X = torch.stack([(size - 70) / 29, (age - 25) / 14.4], dim=1)
y = (price - price.mean()) / price.std()
X_train, y_train = X[:200], y[:200]
X_val, y_val = X[200:], y[200:]


class LinearRegression(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(2, 1)

    def forward(self, x):
        return self.linear(x)


def mean_squared_error(prediction, target):
    return ((prediction - target) ** 2).mean()


model = LinearRegression()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(100):
    optimizer.zero_grad()
    cost = mean_squared_error(model(X_train), y_train)
    cost.backward()
    optimizer.step()
    if step % 20 == 0:
        print("step", step, "cost", round(cost.item(), 4))

with torch.no_grad():
    print("validation cost", round(mean_squared_error(model(X_val), y_val).item(), 4))
print("weights", model.linear.weight.data, "bias", model.linear.bias.data)
