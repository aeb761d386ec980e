/* Argon2id for the key of a diary: the reference code of libargon2, one thread, as a Python module. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "argon2.h"

static PyObject *hash_raw(PyObject *self, PyObject *args) {
  const char *words, *salt;
  Py_ssize_t words_size, salt_size;
  unsigned int time_cost, memory_kib, lanes, size;
  if (!PyArg_ParseTuple(args, "y#y#IIII", &words, &words_size, &salt, &salt_size, &time_cost, &memory_kib, &lanes,
                        &size))
    return NULL;
  PyObject *made = PyBytes_FromStringAndSize(NULL, size);
  if (made == NULL) return NULL;
  int said = argon2id_hash_raw(time_cost, memory_kib, lanes, words, words_size, salt, salt_size,
                               PyBytes_AS_STRING(made), size);
  if (said != ARGON2_OK) {
    Py_DECREF(made);
    return PyErr_Format(PyExc_MemoryError, "%s", argon2_error_message(said));
  }
  return made;
}

static PyMethodDef METHODS[] = {{"hash_raw", hash_raw, METH_VARARGS, "words, salt, time, KiB, lanes, size -> bytes"},
                                {NULL, NULL, 0, NULL}};
static struct PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "_argon2", NULL, -1, METHODS};

PyMODINIT_FUNC PyInit__argon2(void) { return PyModule_Create(&MODULE); }
