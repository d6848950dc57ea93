# expects: nothing
# Breast cancer: malignant or benign?
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn

torch.manual_seed(0)
X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=1)
X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=0.2, random_state=1)
scaler = StandardScaler().fit(X_train)
X_train, X_val, X_test = (torch.tensor(scaler.transform(a), dtype=torch.float32) for a in (X_train, X_val, X_test))
y_train, y_val, y_test = (torch.tensor(a, dtype=torch.float32) for a in (y_train, y_val, y_test))


class LogisticNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer_1 = nn.Linear(30, 24)
        self.layer_2 = nn.Linear(24, 12)
        self.layer_out = nn.Linear(12, 1)
        self.relu = nn.ReLU()

    def forward(self, inputs):
        x = self.relu(self.layer_1(inputs))
        x = self.relu(self.layer_2(x))
        x = self.layer_out(x)
        return x


def binary_accuracy(logits, targets):
    predicted = (torch.sigmoid(logits) > 0.5).float()
    return 100 * (predicted == targets).float().mean().item()


model = LogisticNet()
loss_fn = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

for epoch in range(40):
    model.train()
    y_logits = model(X_train).squeeze()
    loss = loss_fn(y_logits, y_train)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    model.eval()
    with torch.inference_mode():
        val_logits = model(X_val).squeeze()
        val_loss = loss_fn(val_logits, y_val)
        val_acc = binary_accuracy(val_logits, y_val)
    if epoch % 10 == 0:
        print(f"Epoch: {epoch} | Loss: {loss:.5f} | Val loss: {val_loss:.5f}, Val acc: {val_acc:.2f}%")

model.eval()
with torch.inference_mode():
    test_logits = model(X_test).squeeze()
    test_acc = binary_accuracy(test_logits, y_test)
print(f"Test acc: {test_acc:.2f}%")
